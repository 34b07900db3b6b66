import { type Fault, PermanentFault, TransientFault } from '../../worker/src/faults';
import { settledFault, undecodable } from './libvips-faults';

const damaged = (words: string) => undecodable(new Error(words), 'png', Buffer.alloc(20));

test.each([
  ['libvips without memory', 'vips_tracked: out of memory -- size == 231MB'],
  [
    'its reader of headers',
    'Input buffer has corrupt header: vips_tracked: out of memory -- size == 8MB',
  ],
  ['libheif', 'heif: Invalid input: Unspecified: Memory allocation error (2.0)'],
  ['libpng', 'pngload_buffer: libpng read error Insufficient memory'],
  ['libvips without threads', 'vips_thread: unable to create thread'],
])('a lack of memory or threads is transient: %s', (_, words) => {
  for (const error of [damaged(words), new Error(words)]) {
    const fault = settledFault(error);
    expect(fault).toBeInstanceOf(TransientFault);
    expect(fault).toMatchObject({
      code: 'ResourcesExhausted',
      message: expect.stringContaining(words),
    });
  }
});

test('a file beyond the limits of a decoder is permanent', () => {
  const words = 'heif: Memory allocation error: Security limit exceeded: Image size 9x9';
  expect(settledFault(damaged(words))).toMatchObject({ code: 'Undecodable' });
});

test('a fault stays what it is', () => {
  const fault: Fault = new PermanentFault(
    'TooManyPixels',
    'out of memory is not what this is about',
  );
  expect(settledFault(fault)).toBe(fault);
});

test('an unforeseen error is permanent, since it has come twice', () => {
  const fault = settledFault(new TypeError('Expected integer between 1 and 4'));
  expect(fault).toBeInstanceOf(PermanentFault);
  expect(fault).toMatchObject({
    code: 'Internal',
    message: expect.stringContaining('between 1 and 4'),
  });
});

test('the decoder’s words have single spaces, as the dead letter that carries them', () => {
  expect(damaged('Unexpected end of file:  (2.100)\n\ttwice').message).toContain(
    '(libvips: Unexpected end of file: (2.100) twice)',
  );
});
