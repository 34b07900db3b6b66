import type { StartFault } from '../ports';

/**
 * How a launch failed: no room, no vCPUs left, another fault that passes, or one that a change must
 * end.
 */
export type FailureKind = 'lackOfCapacity' | 'overQuota' | 'retryable' | 'permanent';

/**
 * ECS has no codes for these, neither in `failures[]`, nor in `stoppedReason`, nor in its
 * exceptions, only sentences. This is the one place that reads them.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/failed-to-start-error.html
 */
const START_FAULTS: readonly (readonly [RegExp, StartFault])[] = [
  [/capacity is unavailable|insufficient capacity|no capacity/i, 'lack-of-capacity'],
  // Before the resources: a network interface is one of them.
  [/insufficient ?free ?addresses|not have enough free addresses|RESOURCE:ENI/i, 'no-addresses'],
  // As documented: the sentence about a full subnet ends without EC2's code.
  [/Create Network Interface[^:]*$/i, 'no-addresses'],
  [/limit on the number of vCPUs|vCPU.{0,40}(limit|quota)/i, 'vcpu-quota'],
  [/CannotPull(Container|ImageManifest|ECRContainer)Error/i, 'image-unavailable'],
  [/ResourceInitializationError/i, 'resources-unavailable'],
  // EC2 refused or was late: "Timeout waiting for network interface provisioning to complete."
  [/Unexpected EC2 error|network interface provision|InternalError/i, 'resources-unavailable'],
];

/**
 * What kept a task from starting, by ECS's sentence; undefined: its own revision, or nothing known.
 */
export function startFaultOf(text = ''): StartFault | undefined {
  return START_FAULTS.find(([says]) => says.test(text))?.[1];
}

/** A rate, or a quota of something else than vCPUs. */
function saysLimit(text: string): boolean {
  return /\blimit\b|throttl|rate exceeded/i.test(text);
}

function kindOfRoom(text: string): FailureKind | undefined {
  const fault = startFaultOf(text);
  if (fault === 'lack-of-capacity') return 'lackOfCapacity';
  return fault === 'vcpu-quota' ? 'overQuota' : undefined;
}

/** The kind of an entry of RunTask's `failures[]`. */
export function kindOfReason(reason: string): FailureKind {
  return (
    kindOfRoom(reason) ??
    // A subnet without free addresses is tried again, and the next run leaves it out.
    (saysLimit(reason) || /internal/i.test(reason) || startFaultOf(reason)
      ? 'retryable'
      : 'permanent')
  );
}

/**
 * Exceptions by which ECS refuses the call as it is; every other one is a throttle, a network error
 * or a fault of the service.
 */
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
  return (
    kindOfRoom(error.message) ??
    (REFUSALS.has(error.name) && !saysLimit(error.message) ? 'permanent' : 'retryable')
  );
}
