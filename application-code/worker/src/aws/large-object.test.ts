import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { AWS_CLIENTS } from '../settings';

const MIB = 1024 * 1024;
const OBJECT_MIB = 400;
/** The smallest task that the configuration takes has twice as much. */
const TASK_MIB = 256;

let server: Server;
let folder: string;
let program: string;
/** Bytes that came back. */
let written = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-large-'));
  program = join(folder, 'child.js');
  const entryPoints = [join(__dirname, 'large-object-child.ts')];
  const built = buildSync({ entryPoints, bundle: true, write: false, platform: 'node' });
  await writeFile(program, built.outputFiles[0]?.text ?? '');
  server = createServer((request, response) => {
    if (request.method === 'GET') {
      const headers = { etag: '"v1"', 'content-length': OBJECT_MIB * MIB };
      response.writeHead(200, headers);
      Readable.from(pieces()).pipe(response);
      return;
    }
    if (request.method === 'PUT')
      request.on('data', (piece: Buffer) => {
        written += piece.length;
      });
    request.resume().on('end', () => {
      response.setHeader('etag', '"part"');
      response.end(
        request.method === 'POST' ? '<R><UploadId>u</UploadId><ETag>"w"</ETag></R>' : '',
      );
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});

afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

function* pieces(): Generator<Buffer> {
  const piece = Buffer.alloc(MIB, 'film');
  for (let index = 0; index < OBJECT_MIB; index += 1) yield piece;
}

test.each(AWS_CLIENTS)(
  `${OBJECT_MIB} MiB pass through a task of ${TASK_MIB} MiB as a file, by the client %s`,
  async (client) => {
    written = 0;
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { PATH: process.env.PATH, AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
    const child = promisify(execFile)(process.execPath, [program, client, endpoint, folder], {
      env,
    });
    const { stdout: peakMiB } = await child;
    expect(written).toBe(OBJECT_MIB * MIB);
    expect(Number(peakMiB)).toBeLessThan(TASK_MIB);
  },
  120_000,
);
