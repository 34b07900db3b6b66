import type { HttpResponse } from '@smithy/core/protocols';
import { getRetryAfterHint } from '@smithy/core/retry';

/**
 * What a service says when it does not do what it was asked; its name is the code of the service.
 */
export class ServiceError extends Error {
  /** As the SDK's errors have it, since its own functions judge by it what is tried again. */
  readonly $metadata: {
    readonly httpStatusCode: number;
    readonly requestId: string | undefined;
    clockSkewCorrected?: boolean;
  };
  /** The region of the bucket, when it is told. */
  readonly bucketRegion: string | undefined;
  private readonly response: HttpResponse;

  constructor(response: HttpResponse, code: string | undefined, message: string | undefined) {
    const { statusCode, headers } = response;
    super(message || 'UnknownError');
    this.name = code || 'Unknown';
    this.$metadata = {
      httpStatusCode: statusCode,
      requestId: headers['x-amzn-requestid'] ?? headers['x-amz-request-id'],
    };
    this.bucketRegion = headers['x-amz-bucket-region'];
    this.response = response;
  }

  /** When the service wants to be asked again, if it says so. */
  get retryAfter(): Date | undefined {
    return getRetryAfterHint(this.response);
  }

  /** The clock of the service in milliseconds since the epoch; none in an answer out of a cache. */
  get serverTime(): number | undefined {
    const { date, age } = this.response.headers;
    return date === undefined || age !== undefined ? undefined : Date.parse(date);
  }
}
