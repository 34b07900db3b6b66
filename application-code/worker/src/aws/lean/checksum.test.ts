import { checksumHeaders, checksumOf, verifierOf } from './checksum';

const body = Buffer.from('123456789');
/**
 * https://reveng.sourceforge.io/crc-catalogue/all.htm names the check value of each for these nine
 * digits.
 */
const CHECKS = { crc32: 'cbf43926', crc32c: 'e3069283', crc64nvme: 'ae8b14860a799888' };
const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');
/** A Node before 20.15. */
const NO_NATIVE = null;

describe('the checksum of a body', () => {
  test.each(Object.entries(CHECKS))(
    '%s has the value of its catalogue, in pieces',
    async (name, check) => {
      const checksum = checksumOf({ [`x-amz-checksum-${name}`]: base64(check) });
      for (const native of [undefined, NO_NATIVE]) {
        const verifier = checksum && (await verifierOf(checksum, native));
        verifier?.update(body.subarray(0, 4));
        verifier?.update(body.subarray(4));
        expect(verifier?.isRight()).toBe(true);
      }
    },
  );

  test('is the cheapest that S3 sends, and none where it sends one that is not known', () => {
    const crc32 = { 'x-amz-checksum-crc32': 'y/Q5Jg==' };
    expect(checksumOf({ 'x-amz-checksum-sha256': 'x', ...crc32 })?.algorithm).toBe('crc32');
    expect(checksumOf({ 'x-amz-checksum-xxhash3': 'x' })).toBeUndefined();
  });

  test('is sent as CRC-32, or as MD5 where Node has no CRC-32', () => {
    expect(checksumHeaders(body)).toEqual({
      'x-amz-sdk-checksum-algorithm': 'CRC32',
      'x-amz-checksum-crc32': base64(CHECKS.crc32),
    });
    expect(checksumHeaders(body, NO_NATIVE)).toEqual({
      'content-md5': base64('25f9e794323b453885f5181f1b624d0b'),
    });
  });
});
