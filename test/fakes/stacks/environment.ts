import type { Environment, EnvironmentInput } from '../../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../../stacks/config/load-config';

export const ACCOUNT = '123456789012';
export const CLUSTER_ARN = `arn:aws:ecs:us-east-1:${ACCOUNT}:cluster/spillway-dev`;
/** What the core infrastructure of an environment passes on. */
export const CORE_INFRA = {
  network: { vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'], assignPublicIp: true },
  cluster: { name: 'spillway-dev', arn: CLUSTER_ARN },
};

/** Environment `dev` with these settings, and defaults for all others. */
export function devEnvironment(input: EnvironmentInput = {}): Environment {
  return onlyEnvironment({ environments: { dev: input } });
}

export function onlyEnvironment(blueprint: Parameters<typeof resolveBlueprint>[0]): Environment {
  const [environment, ...more] = resolveBlueprint(blueprint);
  if (!environment || more.length > 0) throw new Error('one environment was expected');
  return environment;
}
