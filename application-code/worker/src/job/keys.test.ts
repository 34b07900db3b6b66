import fc from 'fast-check';
import { PermanentFault } from '../faults';
import { MAX_KEY_BYTES, type NamedRendition, renditionKey } from './keys';

const prefixes = { sourcePrefix: 'ecsproc/', destinationPrefix: 'processed/' };
const path = fc.string({ unit: 'binary', minLength: 1, maxLength: 60 });
const rendition = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/).filter((name) => name !== '.' && name !== '..'),
  format: fc.constantFrom(undefined, 'jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'),
} as const);

describe('renditionKey', () => {
  test.each<[string, NamedRendition, string, string]>([
    [
      'ecsproc/holiday/Été 1.JPG',
      { name: '224x224' },
      'processed/224x224/holiday/Été 1.JPG',
      'keeps path and case',
    ],
    [
      'ecsproc/a.JPG',
      { name: 's', format: 'webp' },
      'processed/s/a.JPG.webp',
      'appends the extension of a format',
    ],
    [
      'ecsproc/a.webp',
      { name: 's', format: 'webp' },
      'processed/s/a.webp.webp',
      'appends it always',
    ],
    ['ecsproc/a', { name: 's', format: 'jpeg' }, 'processed/s/a.jpg', 'writes jpeg as .jpg'],
    ['ecsproc/a', { name: 's', format: 'tiff' }, 'processed/s/a.tiff', 'writes tiff as .tiff'],
    ['ecsproc/../x', { name: 's' }, 'processed/s/../x', 'takes keys as data, not as paths'],
  ])('turns %s with %j into %s: it %s', (source, spec, expected) => {
    expect(renditionKey(source, spec, prefixes)).toBe(expected);
  });

  test('takes empty prefixes', () => {
    expect(renditionKey('a.png', { name: 's' }, { sourcePrefix: '', destinationPrefix: '' })).toBe(
      's/a.png',
    );
  });

  test('never gives two pairs of source and rendition of one recipe the same key', () => {
    fc.assert(
      fc.property(path, path, rendition, rendition, (one, other, first, second) => {
        fc.pre(one !== other || first.name !== second.name);
        fc.pre(first.name !== second.name || first.format === second.format);
        const keyOf = (source: string, spec: typeof first) =>
          renditionKey(`ecsproc/${source}`, spec, prefixes);
        expect(keyOf(one, first)).not.toBe(keyOf(other, second));
      }),
    );
  });

  test('takes exactly as many bytes as S3 does, counted in UTF-8', () => {
    const room = MAX_KEY_BYTES - Buffer.byteLength('processed/s/');
    const longest = `${'é'.repeat(room / 2)}`;
    expect(Buffer.byteLength(renditionKey(`ecsproc/${longest}`, { name: 's' }, prefixes))).toBe(
      MAX_KEY_BYTES,
    );
    expect(() => renditionKey(`ecsproc/${longest}a`, { name: 's' }, prefixes)).toThrow(
      expect.objectContaining({
        code: 'KeyTooLong',
        message: expect.stringContaining('1025 bytes'),
      }),
    );
  });

  test('fails when the key lies outside the source prefix', () => {
    const outside = () => renditionKey('elsewhere/a.png', { name: 's' }, prefixes);
    expect(outside).toThrow(PermanentFault);
    expect(outside).toThrow('Expected a key below ecsproc/ but received elsewhere/a.png');
  });
});
