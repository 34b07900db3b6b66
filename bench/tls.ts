import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Path of the certificate, for a client that has to trust it. */
  readonly file: string;
}

/** A certificate for 127.0.0.1, signed by itself. @throws Error where there is no openssl. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const [key, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ];
  const args = ['req', '-x509', ...kind, '-keyout', key, '-out', file, ...subject];
  await promisify(execFile)('openssl', args).catch((cause: Error) => {
    throw new Error(`--tls needs openssl to make a certificate, which failed: ${cause.message}`, {
      cause,
    });
  });
  return { key: await readFile(key, 'utf8'), cert: await readFile(file, 'utf8'), file };
}
