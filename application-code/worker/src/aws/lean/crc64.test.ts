import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { createCRC64 } from 'hash-wasm';
import { Crc64 } from './crc64';

/** A body that is never twice the same byte for long. */
const bodyOf = (bytes: number) =>
  Buffer.concat(
    Array.from({ length: Math.ceil(bytes / 64) }, (_, part) =>
      createHash('sha512').update(String(part)).digest(),
    ),
  ).subarray(0, bytes);

describe('Crc64', () => {
  test('has the value of its catalogue', () => {
    const crc = new Crc64();
    crc.update(Buffer.from('123456789'));
    expect(crc.digest().toString('hex')).toBe('ae8b14860a799888');
  });

  test('agrees with another implementation, whatever the pieces', async () => {
    const other = await createCRC64('9a6c9329ac4bc9b5');
    const body = bodyOf(300_000);
    const lengths = fc.array(
      fc.oneof(fc.nat(70_000), fc.constantFrom(0, 1, 7, 8, 2_944, 2_960, 65_536, 65_537)),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(lengths, (pieces) => {
        const crc = new Crc64();
        other.init();
        let at = 0;
        for (const length of pieces) {
          crc.update(body.subarray(at, at + length));
          other.update(body.subarray(at, at + length));
          at += length;
        }
        expect(crc.digest().toString('hex')).toBe(other.digest('hex'));
      }),
    );
  });

  test('follows several bodies at a time', () => {
    const [one, two, both] = [new Crc64(), new Crc64(), new Crc64()];
    const body = bodyOf(20_000);
    one.update(body.subarray(0, 10_000));
    two.update(body);
    one.update(body.subarray(10_000));
    both.update(body);
    expect(one.digest()).toEqual(both.digest());
    expect(two.digest()).toEqual(both.digest());
  });
});
