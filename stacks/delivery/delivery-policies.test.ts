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

  test('names its actions: there is no wildcard in what is allowed', () => {
    expect(allowing.length).toBeGreaterThan(50);
    expect(
      allowing.filter(([, { Action }]) => [Action].flat().some((action) => /[*?]/.test(action))),
    ).toEqual([]);
  });

  test('names its resources, except where the service allows nothing else', () => {
    const any = allowing.filter(([, { Resource }]) => [Resource].flat().includes('*'));
    expect([...new Set(any.map(([, { Sid }]) => Sid))].sort()).toEqual([
      'BearPublicEcrToken',
      'SeeAndDeregisterRevisions',
      'SignInToEcr',
      'SignInToPublicEcr',
    ]);
  });

  test('says who may use a resource: never everybody', () => {
    const open = allowing.filter(([, { Principal }]) => JSON.stringify(Principal)?.includes('"*"'));
    expect(open).toEqual([]);
  });

  test('has each name once', () => {
    const names = allowing.map(([id, { Sid }]) => `${id} ${Sid}`);
    expect(new Set(names).size).toBe(names.length);
  });
});

test('the longest names leave a policy of a pipeline within what IAM takes', () => {
  const longest = delivery({
    region: 'ap-southeast-4',
    encryption: 'own',
    pipelines: { 'p-23456789abcdef': {} },
  });
  const policy = `${resourceAt(longest, 'aws_iam_policy', 'deploy_grants-p-23456789abcdef_policy').policy}`;
  // Blueprint and environment may be 16 characters longer, and each of the names in brackets
  // becomes an ARN.
  const arns = [...policy.matchAll(/<[^>]+>|arn:[^"]+/g)].length;
  expect(policy.length + arns * 120).toBeLessThan(6_144);
});
