import sharp from 'sharp';
import { contentFault } from './content-fault';
import { contentTypeOf } from './content-type';

const faultOf = (name: string, body: Buffer) => contentFault(name, contentTypeOf(name), body);
const picture = (format: 'png' | 'jpeg' | 'tiff') =>
  sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
    .toFormat(format)
    .toBuffer();
/** The boxes with which a film in an MP4 begins. */
const FILM = Buffer.from('\0\0\0\x18ftypisom\0\0\x02\0isomiso2', 'latin1');

test.each([
  ['a.png', () => picture('png')],
  ['a.JPG', () => picture('jpeg')],
  ['a.tif', () => picture('tiff')],
  ['a.pdf', async () => Buffer.from('%PDF-1.7\n')],
  ['a.mp4', async () => FILM],
  ['a.m4a', async () => FILM],
])('%s is well when it is of its type', async (name, body) => {
  expect(await faultOf(name, await body())).toBeUndefined();
});

test.each([
  ['a.txt', 'BM is how a bitmap begins'],
  ['a.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['a.xml', '<a/>'],
  ['a.json', '{}'],
  ['a.csv', 'a,b'],
  ['a.unknown', 'anything'],
])('%s may hold anything, since no byte must tell its type', async (name, text) => {
  expect(await faultOf(name, Buffer.from(text))).toBeUndefined();
});

test('another type than the name says is a fault, and what was found is named', async () => {
  expect(await faultOf('a.png', await picture('jpeg'))).toBe(
    'must hold image/png, but image/jpeg was found',
  );
  expect(await faultOf('a.mp4', await picture('jpeg'))).toBe(
    'must hold video/mp4, but image/jpeg was found',
  );
});

test('a message of a program in the place of its output is a fault', async () => {
  expect(await faultOf('a.pdf', Buffer.from('no such file'))).toBe(
    'must hold application/pdf, but something else was found',
  );
});
