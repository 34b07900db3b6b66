import { planOf } from '../../../../test/fakes/worker/fake-buckets';
import { PermanentFault } from '../faults';
import { MAX_KEY_BYTES, outputKey } from './keys';

const prefixes = { sourcePrefix: 'ecsproc/', destinationPrefix: 'processed/' };
const plan = planOf('s');

describe('outputKey', () => {
  test.each([
    ['ecsproc/holiday/Été 1.JPG', 'processed/s/holiday/Été 1.JPG', 'keeps path and case'],
    ['ecsproc/../x', 'processed/s/../x', 'takes keys as data, not as paths'],
  ])('turns %s into %s: it %s', (source, expected) => {
    expect(outputKey(source, plan, prefixes)).toBe(expected);
  });

  test('takes empty prefixes', () => {
    const none = { sourcePrefix: '', destinationPrefix: '' };
    expect(outputKey('a.png', plan, none)).toBe('s/a.png');
  });

  test('takes exactly as many bytes as S3 does, counted in UTF-8', () => {
    const room = MAX_KEY_BYTES - Buffer.byteLength('processed/s/');
    const longest = `${'é'.repeat(room / 2)}`;
    const key = outputKey(`ecsproc/${longest}`, plan, prefixes);
    expect(Buffer.byteLength(key)).toBe(MAX_KEY_BYTES);
    expect(() => outputKey(`ecsproc/${longest}a`, plan, prefixes)).toThrow(
      expect.objectContaining({
        code: 'KeyTooLong',
        message: expect.stringContaining('1025 bytes'),
      }),
    );
  });

  test('fails when the key lies outside the source prefix', () => {
    const outside = () => outputKey('elsewhere/a.png', plan, prefixes);
    expect(outside).toThrow(PermanentFault);
    expect(outside).toThrow('Expected a key below ecsproc/ but received elsewhere/a.png');
  });
});
