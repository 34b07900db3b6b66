import { createHash, createHmac } from 'node:crypto';
import type { Received } from './aws-server';

const AUTHORIZATION = new RegExp(
  '^AWS4-HMAC-SHA256 Credential=[^/]+/((\\d{8})/([^/]+)/([^/]+)/aws4_request), ?' +
    'SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$',
);

const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/**
 * Whether a request is signed as a service demands it that knows the secret: by what arrived, path
 * and host included.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function isSignedBy(secret: string, { method, url, headers, body }: Received): boolean {
  const [, scope = '', day = '', region = '', service = '', names = '', signature] =
    AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  const [path = '', query = ''] = url.split('?');
  const payload = String(headers['x-amz-content-sha256'] ?? sha256(body));
  const isBody = payload === 'UNSIGNED-PAYLOAD' || payload === sha256(body);
  const lines = names
    .split(';')
    .map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`);
  const request = [method, path, query, ...lines, '', names, payload].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(request)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secret}`);
  const mustBeSigned = [
    'host',
    ...Object.keys(headers).filter((name) => name.startsWith('x-amz-')),
  ];
  const isWhole = mustBeSigned.every((name) => names.split(';').includes(name));
  return isBody && isWhole && hmac(key, text).toString('hex') === signature;
}
