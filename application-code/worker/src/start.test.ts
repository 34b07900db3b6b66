import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { workerProcess } from '../../../test/fakes/environments';

const ROOT = join(__dirname, '../../..');
const BUNDLE = join(ROOT, 'application-code/images/dist/main.js');

/** The worker, which reports each request that it has sent and each library that it loads. */
const PROGRAM = `
  require('node:diagnostics_channel').subscribe('http.client.request.start', ({ request }) =>
    console.error(request.getHeader('x-amz-target')));
  const { dlopen } = process;
  process.dlopen = (module, file, ...rest) => {
    console.error(file.replace(/^.*sharp.*$/, 'sharp'));
    return dlopen.call(process, module, file, ...rest);
  };
  require(${JSON.stringify(BUNDLE)});`;

describe('the start of the worker', () => {
  beforeAll(() =>
    promisify(execFile)(process.execPath, ['build.mjs', 'application-code/images'], { cwd: ROOT }),
  );

  test('asks for messages first, and loads libvips while it waits for the answer', async () => {
    const server = createServer((_request, response) => answer.then(() => response.end('{}')));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const worker = spawn(process.execPath, ['-e', PROGRAM], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env.PATH, ...workerProcess(`http://127.0.0.1:${port}`) },
    });
    const steps: string[] = [];
    const lines = createInterface(worker.stderr);
    const answer = new Promise<void>((resolve) => {
      lines.on('line', (line) => {
        steps.push(line);
        if (line !== 'sharp') return;
        worker.kill('SIGTERM');
        resolve();
      });
    });
    const [code] = await once(worker, 'exit');
    server.close();
    expect(steps).toEqual(['AmazonSQS.ReceiveMessage', 'sharp']);
    expect(code).toBe(0);
  });

  test('requires each module when it needs it, and imports none', async () => {
    const bundle = await readFile(BUNDLE, 'utf8');
    expect(bundle.match(/\bimport\("[^"]+"\)/g)).toBeNull();
  });
});
