import type { Finding } from './checkov';

/** A check that need not hold, and why. */
export interface Skip {
  readonly check: string;
  readonly because: string;
  /** Only for resources whose type and id match; absent: for all. */
  readonly resource?: RegExp;
  /** Environments of the examples whose settings make the check hold: there it is never skipped. */
  readonly exceptIn?: readonly string[];
}

/** Findings that no skip covers, and skips that cover nothing, one sentence each. */
export function judge(findings: readonly Finding[], skips: readonly Skip[]): readonly string[] {
  const open = findings.filter((finding) => !skips.some((skip) => covers(skip, finding)));
  const stale = skips.filter((skip) => !findings.some((finding) => covers(skip, finding)));
  return [
    ...open.map(
      ({ check, title, environment, stack, resource }) =>
        `${check} fails for ${resource} in ${environment}-${stack}: ${title}.`,
    ),
    ...stale.map(
      ({ check }) => `The skip of ${check} covers nothing: take it out of test/policies/skips.ts.`,
    ),
  ];
}

function covers({ check, resource, exceptIn = [] }: Skip, finding: Finding): boolean {
  return (
    finding.check === check &&
    !exceptIn.includes(finding.environment) &&
    (resource === undefined || resource.test(finding.resource))
  );
}
