import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RecordingProxy, startRecordingProxy } from './recording-proxy';

describe('startRecordingProxy', () => {
  let target: Server;
  let proxy: RecordingProxy;

  beforeEach(async () => {
    target = createServer((_request, response) => {
      response.writeHead(206, { 'content-length': 4, etag: '"e"' }).end('body');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    proxy = await startRecordingProxy(`http://127.0.0.1:${(target.address() as AddressInfo).port}`);
  });

  afterEach(async () => {
    await proxy.stop();
    target.closeAllConnections();
    target.close();
  });

  test(
    'passes an answer on, with the length that HEAD tells, and writes the calls ' + 'down',
    async () => {
      const got = await fetch(`${proxy.endpoint}/b/k`);
      const head = await fetch(`${proxy.endpoint}/b/k`, { method: 'HEAD' });
      expect({ body: await got.text(), length: head.headers.get('content-length') }).toEqual({
        body: 'body',
        length: '4',
      });
      expect(proxy.calls().map(({ operation, status }) => `${operation} ${status}`)).toEqual([
        'GetObject 206',
        'HeadObject 206',
      ]);
    },
  );

  test('refuses what it is told to, and writes that down', async () => {
    const refusing = await startRecordingProxy(proxy.endpoint, {
      refuse: ({ path }) => path === '/b/no',
    });
    const statuses = [
      await fetch(`${refusing.endpoint}/b/no`),
      await fetch(`${refusing.endpoint}/b/yes`),
    ];
    await refusing.stop();
    expect(statuses.map(({ status }) => status)).toEqual([503, 206]);
    expect(refusing.calls().map(({ status }) => status)).toEqual([503, 206]);
  });

  test('fails when a call was recorded that cannot be read', async () => {
    await fetch(`${proxy.endpoint}/b?policy`);
    expect(() => proxy.calls()).toThrow('?policy');
  });
});
