import fc from 'fast-check';
import { PermanentFault } from '../faults';
import { deadLetter, MAX_FAULT_MESSAGE_BYTES, printable } from './dead-letter';

const failedAt = Date.UTC(2026, 0, 2, 3, 4, 5);
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
/** Text with those units in it that SQS refuses. */
const anyText = fc.string({
  unit: fc.oneof(
    anyUnit,
    fc.constantFrom('\u0000', '\u001f', '\ud800', '\udfff', '\ufffe', '\uffff'),
  ),
  maxLength: 2000,
});

/** What SQS takes in bodies and attributes, by its own table. */
const ALLOWED = [
  [0x9, 0xa],
  [0xd, 0xd],
  [0x20, 0xd7ff],
  [0xe000, 0xfffd],
  [0x10000, 0x10ffff],
] as const;

const isAllowed = (text: string) =>
  [...text].every((character) => {
    const code = character.codePointAt(0) ?? 0;
    return ALLOWED.some(([first, last]) => code >= first && code <= last);
  });

function letterOf(message: string, sourceKey?: string, body = '{}') {
  const fault = new PermanentFault('Undecodable', message);
  return deadLetter({ body, fault, sourceKey, receiveCount: 3, failedAt });
}

describe('deadLetter', () => {
  test('says why, which, how often and when beside the original body', () => {
    expect(letterOf('It is no picture.', 'ecsproc/Été 1+2.jpg')).toEqual({
      body: '{}',
      attributes: {
        FaultCode: 'Undecodable',
        FaultMessage: 'It is no picture.',
        SourceKey: 'ecsproc%2F%C3%89t%C3%A9%201%2B2.jpg',
        ReceiveCount: '3',
        FailedAt: '2026-01-02T03:04:05.000Z',
      },
    });
  });

  test('leaves out what is unknown instead of leaving it empty', () => {
    expect(Object.keys(letterOf(' \u0000 ').attributes)).toEqual([
      'FaultCode',
      'ReceiveCount',
      'FailedAt',
    ]);
  });

  test('holds only what SQS takes, whatever the message and the key are', () => {
    fc.assert(
      fc.property(anyText, anyText, (message, key) => {
        for (const [name, value] of Object.entries(letterOf(message, key).attributes)) {
          expect([name, value.length > 0, isAllowed(value)]).toEqual([name, true, true]);
          if (name === 'FaultMessage')
            expect(Buffer.byteLength(value)).toBeLessThanOrEqual(MAX_FAULT_MESSAGE_BYTES);
        }
      }),
    );
  });

  test('returns the key when it is decoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (key) => {
        expect(decodeURIComponent(letterOf('x', key).attributes.SourceKey ?? '')).toBe(key);
      }),
    );
  });

  test.each([262_144, 1_048_576])(
    'never makes a message of %i bytes too big for its queue',
    (limit) => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 6000 }), anyText, (less, message) => {
          const { body, attributes } = letterOf(
            message,
            'k'.repeat(1024),
            'b'.repeat(limit - less),
          );
          const sizes = Object.entries({ ...attributes, body }).map(([name, value]) =>
            name === 'body' ? body.length : Buffer.byteLength(`${name}String${value}`),
          );
          expect(sizes.reduce((sum, size) => sum + size)).toBeLessThanOrEqual(limit);
        }),
        { numRuns: 30 },
      );
    },
  );

  test('keeps the code where there is no room for the rest', () => {
    const { attributes } = letterOf('A reason.', 'k'.repeat(1024), 'b'.repeat(262_144 - 40));
    expect(attributes).toEqual({ FaultCode: 'Undecodable' });
  });
});

describe('printable', () => {
  test('cuts between two characters', () => {
    expect(printable('aé', 2)).toBe('a');
    expect(printable('🏔🏔', 7)).toBe('🏔');
  });

  test('makes one line of several', () => {
    expect(printable('one\r\n\ttwo\u2028three', 100)).toBe('one two three');
  });
});
