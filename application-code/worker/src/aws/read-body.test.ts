import { PassThrough, Readable } from 'node:stream';
import { readBody } from './read-body';

const none = () => undefined;

test('a body is handed over piece by piece, until its end', async () => {
  const pieces: string[] = [];
  await readBody(Readable.from([Buffer.from('a'), Buffer.from('b')]), (piece) =>
    pieces.push(String(piece)),
  );
  expect(pieces).toEqual(['a', 'b']);
});

test('fails when it breaks, and when it broke before anybody read', async () => {
  const body = new PassThrough();
  const reading = readBody(body, none);
  body.destroy(new Error('broken'));
  await expect(reading).rejects.toThrow('broken');
  await expect(readBody(body, none)).rejects.toThrow('broken');
});

test('fails when it is closed before its end, with or without an error', async () => {
  const body = new PassThrough();
  const reading = readBody(body, none);
  body.destroy();
  await expect(reading).rejects.toThrow('The connection was closed.');
  await expect(readBody(body, none)).rejects.toThrow('The connection was closed.');
});
