import {
  isServerError,
  isThrottlingError,
  isTransientError,
  type StandardRetryStrategy,
} from '@smithy/core/retry';
import type { RetryErrorType, RetryToken, SdkError } from '@smithy/types';
import { ServiceError } from './service-error';

/**
 * Tries a call again as the SDK's standard mode does, by its strategy: growing delays with full
 * jitter, within a budget that all calls of a client share.
 * @param scope what the strategy is to know of the call.
 * @throws the error of the last attempt, or the signal's reason.
 */
export async function withRetries<Output>(
  strategy: StandardRetryStrategy,
  scope: string,
  attempt: () => Promise<Output>,
  signal: AbortSignal | undefined,
): Promise<Output> {
  let token: RetryToken = await strategy.acquireInitialRetryToken(scope);
  for (;;) {
    try {
      const output = await attempt();
      strategy.recordSuccess(token as Parameters<typeof strategy.recordSuccess>[0]);
      return output;
    } catch (error) {
      signal?.throwIfAborted();
      token = await unlessAborted(nextToken(strategy, token, error as SdkError), signal);
    }
  }
}

/** Settles when the next attempt is due. */
async function nextToken(
  strategy: StandardRetryStrategy,
  token: RetryToken,
  error: SdkError,
): Promise<RetryToken> {
  const retryAfterHint = error instanceof ServiceError ? error.retryAfter : undefined;
  const info = {
    error,
    errorType: errorTypeOf(error),
    ...(retryAfterHint ? { retryAfterHint } : {}),
  };
  try {
    return await strategy.refreshRetryTokenForRetry(token as never, info);
  } catch {
    // The strategy refuses: no attempt or no budget is left, or another attempt cannot help.
    throw error;
  }
}

function errorTypeOf(error: SdkError): RetryErrorType {
  if (isThrottlingError(error)) return 'THROTTLING';
  if (isTransientError(error)) return 'TRANSIENT';
  return isServerError(error) ? 'SERVER_ERROR' : 'CLIENT_ERROR';
}

function unlessAborted<Output>(
  waiting: Promise<Output>,
  signal: AbortSignal | undefined,
): Promise<Output> {
  if (!signal) return waiting;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    waiting.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
