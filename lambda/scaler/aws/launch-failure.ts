/** How a launch failed: by the provider's want of room, for now, or until somebody mends the pipeline. */
export type FailureKind = 'lackOfCapacity' | 'retryable' | 'permanent';

/**
 * ECS has no code for want of capacity, neither in `failures[]`, nor in `stoppedReason`, nor in its exceptions, only sentences:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html. This is the one place that reads them.
 */
export function saysLackOfCapacity(text: string | undefined): boolean {
  return /capacity is unavailable|insufficient capacity|no capacity/i.test(text ?? '');
}

/** A quota that other tasks of the account use up ("You've reached the limit on the number of vCPUs …"). */
function saysLimit(text: string): boolean {
  return /\blimit\b|throttl|rate exceeded/i.test(text);
}

/** The kind of an entry of RunTask's `failures[]`. */
export function kindOfReason(reason: string): FailureKind {
  if (saysLackOfCapacity(reason)) return 'lackOfCapacity';
  return saysLimit(reason) || /internal/i.test(reason) ? 'retryable' : 'permanent';
}

/** Exceptions by which ECS refuses the call as it is; every other one is a throttle, a network error or a fault of the service. */
const REFUSALS = new Set([
  'AccessDeniedException',
  'BlockedException',
  'ClientException',
  'ClusterNotFoundException',
  'InvalidParameterException',
  'PlatformTaskDefinitionIncompatibilityException',
  'PlatformUnknownException',
  'UnrecognizedClientException',
  'UnsupportedFeatureException',
  'ValidationException',
]);

/** The kind of an exception that RunTask threw. */
export function kindOfError(error: Error): FailureKind {
  if (saysLackOfCapacity(error.message)) return 'lackOfCapacity';
  return REFUSALS.has(error.name) && !saysLimit(error.message) ? 'permanent' : 'retryable';
}
