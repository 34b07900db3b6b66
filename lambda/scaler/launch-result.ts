import type { LaunchResult } from './ports';

/** No task asked for, none launched. */
export const NOTHING_LAUNCHED: LaunchResult = {
  launched: 0,
  alreadyLaunched: 0,
  lackOfCapacity: 0,
  overQuota: 0,
  retryable: 0,
  permanent: 0,
  reasons: [],
};

/** The sum of two batches. */
export function addResults(a: LaunchResult, b: LaunchResult): LaunchResult {
  return {
    launched: a.launched + b.launched,
    alreadyLaunched: a.alreadyLaunched + b.alreadyLaunched,
    lackOfCapacity: a.lackOfCapacity + b.lackOfCapacity,
    overQuota: a.overQuota + b.overQuota,
    retryable: a.retryable + b.retryable,
    permanent: a.permanent + b.permanent,
    reasons: [...a.reasons, ...b.reasons],
  };
}
