import type { PolicyDocument } from './simulate';

/** Every action that a policy allows, in the order of its statements. */
export function grantedActions({ Statement }: PolicyDocument): readonly string[] {
  const actions = Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(
    ({ Action }) => Action,
  );
  return [...new Set(actions)];
}

/** Granted actions that no call needed and no reason excuses, and reasons that excuse nothing. */
export function unusedGrants(
  policy: PolicyDocument,
  used: ReadonlySet<string>,
  reasons: Readonly<Record<string, string>>,
): readonly string[] {
  const granted = grantedActions(policy);
  const unused = granted.filter((action) => !used.has(action) && !(action in reasons));
  const idle = Object.keys(reasons).filter(
    (action) => !granted.includes(action) || used.has(action),
  );
  return [
    ...unused.map((action) => `${action} is granted, but no call needs it`),
    ...idle.map((action) => `${action} needs no excuse`),
  ];
}
