import { once } from 'node:events';
import { connect } from 'node:net';
import { type LoopbackServer, startLoopbackServer, writeAnswer } from './aws-http';

let server: LoopbackServer;
afterEach(() => server.stop());

const start = async () => {
  const paths: string[] = [];
  server = await startLoopbackServer(({ path, body }, outgoing) => {
    paths.push(path);
    writeAnswer(outgoing, { status: 200, headers: {}, body });
  });
  return paths;
};
const socketTo = (endpoint: string) => connect(Number(new URL(endpoint).port), '127.0.0.1');

test('a request is handled when all of it has arrived', async () => {
  await start();
  const answer = await fetch(`${server.endpoint}/whole`, { method: 'PUT', body: 'a body' });
  expect(await answer.text()).toBe('a body');
  expect(answer.headers.get('content-length')).toBe('6');
});

test('no idle connection is closed, which its client may be about to use', async () => {
  await start();
  const { headers } = await fetch(server.endpoint);
  // Node says here after how many seconds it would close it.
  expect(headers.get('keep-alive')).toBeNull();
  expect(headers.get('connection')).toBe('keep-alive');
});

test('a request that breaks off is dropped, and the next one is answered', async () => {
  const paths = await start();
  const socket = socketTo(server.endpoint);
  socket.write('PUT /half HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf');
  await once(socket, 'connect');
  socket.end();
  await once(socket.resume(), 'close');
  expect((await fetch(`${server.endpoint}/next`)).status).toBe(200);
  expect(paths).toEqual(['/next']);
});

test('a stop closes the open connections', async () => {
  await start();
  const socket = socketTo(server.endpoint);
  socket.write('PUT /slow HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n');
  await once(socket, 'connect');
  const closed = new Promise((resolve) => socket.resume().once('close', resolve));
  // The system may call it a reset.
  socket.once('error', () => expect(socket.destroyed).toBe(true));
  await server.stop();
  await closed;
  expect(socket.destroyed).toBe(true);
});
