import { readDeadLetter } from './dead-letter';

const event = (key: unknown) => JSON.stringify({ Records: [{ s3: { object: { key } } }] });

describe('readDeadLetter', () => {
  test('reads what the worker wrote', () => {
    const attributes = {
      FaultCode: 'Undecodable',
      FaultMessage: 'cut short',
      SourceKey: 'ecsproc%2FCaf%C3%A9%20%2B%25.jpg',
      ReceiveCount: '3',
      FailedAt: '2026-03-10T14:05:00.000Z',
    };
    expect(
      readDeadLetter({ messageId: 'm', body: event('ecsproc/other.jpg'), attributes }),
    ).toEqual({
      messageId: 'm',
      key: 'ecsproc/Café +%.jpg',
      code: 'Undecodable',
      message: 'cut short',
      receiveCount: 3,
      failedAt: '2026-03-10T14:05:00.000Z',
    });
  });

  test('takes the key of the event where the queue itself moved the message', () => {
    const letter = readDeadLetter({
      messageId: 'm',
      body: event('ecsproc/a+b%2Bc.jpg'),
      attributes: {},
    });
    expect(letter).toMatchObject({ key: 'ecsproc/a b+c.jpg', code: 'Unattributed' });
    expect(letter.receiveCount).toBeUndefined();
  });

  test.each([
    ['', 'nothing'],
    ['{', 'no JSON'],
    ['null', 'null'],
    ['{"Records":[]}', 'no record'],
    [event(7), 'a key that is no text'],
    [event('%E0%A4%A'), 'an encoding that cannot be undone'],
  ])('has no key for the body %j: %s', (body) => {
    expect(readDeadLetter({ messageId: 'm', body, attributes: {} }).key).toBeUndefined();
  });

  test.each(['0', '-1', 'many', '1.5', ''])('has no receive count for %j', (ReceiveCount) => {
    expect(
      readDeadLetter({ messageId: 'm', body: '', attributes: { ReceiveCount } }),
    ).not.toHaveProperty('receiveCount');
  });
});
