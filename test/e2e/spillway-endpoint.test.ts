import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type LoopbackServer, startLoopbackServer } from '../../local/ecs/aws-http';
import { type Ended, spillway } from './spillway-child';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };

/** Commands that ask AWS for something. */
const COMMANDS = [
  ...['status', 'watch', 'pause', 'resume', 'set max-tasks 1', 'upload .', 'reconcile'],
  ...['dlq list', 'dlq show', 'dlq redrive', 'dlq purge --yes', 'revisions', 'rollback --yes'],
];

let silence: Server;
const sockets: Socket[] = [];
let endpoint: string;
let hanging: LoopbackServer;
/** These wait for a minute and do nothing: they wait together, while the other tests run. */
let start: Promise<unknown>;
let ends: Promise<readonly Ended[]>;
beforeAll(async () => {
  hanging = await startLoopbackServer((request, outgoing) => {
    if (request.method === 'GET') outgoing.end('{}');
  });
  const program = join(__dirname, '..', '..', 'local', 'start.mjs');
  const run = promisify(execFile)(process.execPath, [program, '--endpoint', hanging.endpoint]);
  start = run.catch((error: unknown) => error);
  silence = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined).resume());
  }).listen(0, '127.0.0.1');
  await once(silence, 'listening');
  endpoint = `http://127.0.0.1:${(silence.address() as AddressInfo).port}`;
  ends = Promise.all(COMMANDS.map((line) => spillway([...line.split(' '), '--local', endpoint])));
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  silence.close();
  await hanging.stop();
});

describe('spillway, where the endpoint is not AWS', () => {
  let page: LoopbackServer;
  beforeAll(async () => {
    page = await startLoopbackServer((_request, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>');
    });
  });
  afterAll(() => page.stop());

  test.each(['revisions', 'status', 'upload .', 'reconcile', 'dlq list'])(
    'fails with one sentence in `%s` when the endpoint is no URL, or a page answers there',
    async (words) => {
      for (const [AWS_ENDPOINT_URL, sentence] of [
        ['garbage', 'or unset AWS_ENDPOINT_URL'],
        [page.endpoint, `what answers at ${page.endpoint} is not AWS (HTTP status 200, text/html)`],
      ] as const) {
        const line = [...words.split(' '), '-e', 'dev', '--json'];
        const { code, err } = await spillway(line, { ...CREDENTIALS, AWS_ENDPOINT_URL });
        expect({ code, error: JSON.parse(err).error }).toEqual({
          code: 1,
          error: expect.stringContaining(sentence),
        });
      }
    },
    90_000,
  );
});

describe('where connections are taken and nothing is answered', () => {
  test('every command ends by itself and says who does not answer', async () => {
    for (const { code, err } of await ends)
      expect({ code, err }).toEqual({
        code: 1,
        err: expect.stringMatching(new RegExp(`^spillway: ${endpoint} does not answer: .*\\n$`)),
      });
  }, 120_000);

  test('npm start ends by itself, although the emulator has answered a first time', async () => {
    expect(await start).toMatchObject({
      code: 1,
      stderr:
        `The AWS emulator at ${hanging.endpoint} takes connections but does not ` +
        'answer: end it and start again, or leave --endpoint out to start a private one.\n',
    });
  }, 150_000);
});
