import { delivery } from '../../test/fakes/stacks/delivery-in-stack';
import { allPolicies, resourceAt } from '../../test/fakes/stacks/queue-processing-in-stack';

describe('every policy of the stack', () => {
  const pipelines = {
    photos: {},
    scans: { existingSourceBucket: { name: 'theirs', kmsKeyArn: null }, architecture: 'x86_64' },
  } as const;
  const allowing = allPolicies(delivery({ encryption: 'own', pipelines })).filter(
    ([, { Effect }]) => Effect === 'Allow',
  );

  test('names its actions: no allowed action has a wildcard', () => {
    expect(allowing.length).toBeGreaterThan(50);
    expect(
      allowing.filter(([, { Action }]) => [Action].flat().some((action) => /[*?]/.test(action))),
    ).toEqual([]);
  });

  test('names its resources, except where the service allows none', () => {
    const any = allowing.filter(([, { Resource }]) => [Resource].flat().includes('*'));
    expect([...new Set(any.map(([, { Sid }]) => Sid))].sort()).toEqual([
      'BearPublicEcrToken',
      'SeeAndDeregisterRevisions',
      'SignInToEcr',
      'SignInToPublicEcr',
    ]);
  });

  test('never lets everyone use a resource', () => {
    const open = allowing.filter(([, { Principal }]) => JSON.stringify(Principal)?.includes('"*"'));
    expect(open).toEqual([]);
  });

  test('has each name once', () => {
    const names = allowing.map(([id, { Sid }]) => `${id} ${Sid}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

test('the policy of a pipeline with the longest names fits into IAM’s quota', () => {
  const longest = delivery({
    region: 'ap-southeast-4',
    encryption: 'own',
    pipelines: { 'p-23456789abcdef': {} },
  });
  const path = 'deploy_grants-p-23456789abcdef_policy';
  const policy = `${resourceAt(longest, 'aws_iam_policy', path).policy}`;
  // Blueprint and environment may be 16 characters longer, and each of the names in brackets
  // becomes an ARN.
  const arns = [...policy.matchAll(/<[^>]+>|arn:[^"]+/g)].length;
  expect(policy.length + arns * 120).toBeLessThan(6_144);
});
