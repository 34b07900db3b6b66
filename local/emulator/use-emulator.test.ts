import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { loopbackEndpoint, useEmulator } from './use-emulator';

describe('loopbackEndpoint', () => {
  test.each([
    ['http://127.0.0.1:4566', 'http://127.0.0.1:4566'],
    ['http://localhost:4566/', 'http://localhost:4566'],
    ['https://127.8.9.10', 'https://127.8.9.10'],
    ['http://[::1]:5000/path', 'http://[::1]:5000'],
    ['http://127.1:80', 'http://127.0.0.1'],
  ])('takes %s as %s', (url, endpoint) => {
    expect(loopbackEndpoint(url)).toBe(endpoint);
  });

  test.each([
    ['https://sqs.us-east-1.amazonaws.com', 'AWS itself'],
    ['http://192.168.1.7:4566', 'another machine'],
    ['http://0.0.0.0:4566', 'every interface is not loopback'],
    ['http://localhost.example.org:4566', 'a name that only begins like localhost'],
    ['http://127.0.0.1.example.org', 'a name that only begins like an address'],
    ['http://127.0.0.1@example.org', 'the address is the user name here'],
    ['http://user:secret@localhost:4566', 'credentials would end in logs'],
    ['ftp://localhost', 'another protocol'],
    ['localhost:4566', 'no protocol'],
    ['', 'nothing'],
  ])('fails when %s is given: %s', (url) => {
    expect(() => loopbackEndpoint(url)).toThrow(/--endpoint must be an http URL of this machine/);
  });

  test('never takes a host outside 127.0.0.0/8', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        fc.pre(!address.startsWith('127.'));
        expect(() => loopbackEndpoint(`http://${address}:4566`)).toThrow();
      }),
    );
  });
});

describe('useEmulator', () => {
  test('uses any server that answers and leaves it running', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const emulator = await useEmulator(endpoint);
    await emulator.stop();
    expect(server.listening).toBe(true);
    server.close();
    server.closeAllConnections();
    await expect(useEmulator(endpoint)).rejects.toThrow(`Nothing answers at ${endpoint}`);
  });

  test('reports its end after three missing answers in a row, and not before', async () => {
    const answers = [true, true, false, false, true, false, false, false];
    const emulator = await useEmulator('http://127.0.0.1:1', {
      watchMilliseconds: 1,
      answers: async () => answers.shift() ?? true,
    });
    await expect(emulator.died).resolves.toBe(
      'The AWS emulator at http://127.0.0.1:1 no longer answers.',
    );
    expect(answers).toEqual([]);
  });
});
