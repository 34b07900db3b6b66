import { HttpResponse } from '@smithy/core/protocols';
import { StandardRetryStrategy } from '@smithy/core/retry';
import { withRetries } from './retries';
import { ServiceError } from './service-error';

const refusal = (headers: Readonly<Record<string, string>>) =>
  new ServiceError(
    new HttpResponse({ statusCode: 503, headers: { ...headers } }),
    'SlowDown',
    'Slow.',
  );

describe('the retries of a call', () => {
  test('wait as long as the service asks for', async () => {
    const strategy = new StandardRetryStrategy(2);
    const refresh = jest
      .spyOn(strategy, 'refreshRetryTokenForRetry')
      .mockRejectedValue(new Error('refused'));
    const error = refusal({ 'x-amz-retry-after': '1500' });
    const call = () => Promise.reject(error);
    const before = Date.now();
    await expect(withRetries(strategy, '', call, undefined)).rejects.toBe(error);
    const { retryAfterHint, errorType } = refresh.mock.calls[0]?.[1] ?? {};
    expect(errorType).toBe('THROTTLING');
    expect(retryAfterHint?.getTime()).toBeGreaterThanOrEqual(before + 1_500);
  });

  test('return to the budget what a success does not use', async () => {
    const strategy = new StandardRetryStrategy(2);
    jest.spyOn(Math, 'random').mockReturnValueOnce(0);
    const call = jest.fn(async () => 'done').mockRejectedValueOnce(refusal({}));
    const before = strategy.getCapacity();
    expect(await withRetries(strategy, '', call, undefined)).toBe('done');
    expect(call).toHaveBeenCalledTimes(2);
    expect(strategy.getCapacity()).toBe(before);
  });

  test('fail at once when the call is cancelled while it waits', async () => {
    const strategy = new StandardRetryStrategy(2);
    const job = new AbortController();
    jest.spyOn(strategy, 'refreshRetryTokenForRetry').mockImplementation(() => {
      setImmediate(() => job.abort(new Error('cancelled')));
      return new Promise(() => undefined);
    });
    const call = () => Promise.reject(refusal({}));
    await expect(withRetries(strategy, '', call, job.signal)).rejects.toThrow('cancelled');
  });

  test('fail with the reason of a signal that is aborted, whatever the attempt says', async () => {
    const job = new AbortController();
    const call = () => {
      job.abort(new Error('cancelled'));
      return Promise.reject(refusal({}));
    };
    const strategy = new StandardRetryStrategy(2);
    await expect(withRetries(strategy, '', call, job.signal)).rejects.toThrow('cancelled');
  });
});

describe('the clock of a service', () => {
  const date = 'Sat, 28 Nov 2026 12:00:00 GMT';

  test('is in the date of its answer, unless a cache gave it', () => {
    expect(refusal({ date }).serverTime).toBe(Date.parse(date));
    expect(refusal({ date, age: '3600' }).serverTime).toBeUndefined();
    expect(refusal({}).serverTime).toBeUndefined();
  });
});
