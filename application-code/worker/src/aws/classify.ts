import { type Fault, SharedFault, TransientFault } from '../faults';

/**
 * Whether a failed call says that the object does not exist. HEAD has no body, so its 404 has no
 * more to say; a bucket that is missing says so to GET.
 */
export function isGone(error: unknown): boolean {
  return statusOf(error) === 404 && nameOf(error) !== 'NoSuchBucket';
}

/** Whether a call was refused for a missing permission, and not because the object is archived. */
export function isDenied(error: unknown): boolean {
  return statusOf(error) === 403 && nameOf(error) !== 'InvalidObjectState';
}

/**
 * The fault that a failed S3 call is. All of them are transient: a permission, a bucket or an
 * archived object can be put right while the job waits.
 */
export function faultOf(side: 'source' | 'destination', key: string, error: unknown): Fault {
  const isSource = side === 'source';
  const verb = isSource ? 'reading' : 'writing';
  const status = statusOf(error) ? ` (status ${statusOf(error)})` : '';
  const detail = `${nameOf(error)}${status}: ${messageOf(error)}`;
  const FaultClass = isSource && isRefusal(error) ? TransientFault : SharedFault;
  if (!isDenied(error)) {
    const code = isSource ? 'SourceUnavailable' : 'DestinationUnavailable';
    return new FaultClass(code, `S3 failed at ${verb} ${key}: ${detail}`, { cause: error });
  }
  const advice = isSource
    ? 'grant s3:GetObject and s3:ListBucket to the task role, without which a missing object ' +
      'looks like a denied one, and kms:Decrypt where the bucket has a key'
    : 'grant s3:PutObject to the task role, and kms:GenerateDataKey where the bucket has a key';
  return new FaultClass('AccessDenied', `S3 denied ${verb} ${key}: ${detail}; ${advice}.`, {
    cause: error,
  });
}

const TOO_MANY_REQUESTS = 429;

/** Whether S3 answered, and refused this one object: it is archived, or has a key of its own. */
function isRefusal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  const isOfService = status === TOO_MANY_REQUESTS || nameOf(error) === 'NoSuchBucket';
  return status >= 400 && status < 500 && !isOfService;
}

/** Of an answer of S3, by whichever client; an error of the network has none. */
function statusOf(error: unknown): number | undefined {
  const { $metadata } = Object(error) as { $metadata?: { httpStatusCode?: number } };
  return $metadata?.httpStatusCode;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Error';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
