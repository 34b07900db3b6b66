import type { Environment, PipelineSettings } from '../../stacks/config/blueprint-config';
import type { QuotaId } from '../ports/account';

/** https://docs.aws.amazon.com/general/latest/gr/ecs-service.html and its neighbours. */
export const QUOTAS = {
  onDemandVcpus: {
    service: 'fargate',
    code: 'L-3032A538',
    name: 'Fargate On-Demand vCPU resource count',
  },
  spotVcpus: { service: 'fargate', code: 'L-36FBB829', name: 'Fargate Spot vCPU resource count' },
  lambdaRuns: { service: 'lambda', code: 'L-B99A9384', name: 'Concurrent executions' },
  vpcs: { service: 'vpc', code: 'L-F678F1CE', name: 'VPCs per Region' },
  elasticIps: { service: 'ec2', code: 'L-0263D0A3', name: 'EC2-VPC Elastic IPs' },
  armBuilds: {
    service: 'codebuild',
    name: 'Concurrently running builds for ARM/Small environment',
  },
  x86Builds: {
    service: 'codebuild',
    name: 'Concurrently running builds for Linux/Small environment',
  },
} as const satisfies Readonly<Record<string, QuotaId>>;

export type QuotaName = keyof typeof QUOTAS;
export type QuotaValues = Readonly<Partial<Record<QuotaName, number>>>;

/** Quotas that a configuration uses. */
export function quotasFor(
  environment: Environment,
  pipeline: PipelineSettings,
  isDeployed: boolean,
): readonly QuotaName[] {
  const { network, delivery, scaler } = environment;
  // A deployed environment has its VPC and its addresses already.
  const isOwnNetwork = network.vpcId === null && !isDeployed;
  const builds = pipeline.image === null && delivery.source !== 'none';
  return [
    'onDemandVcpus',
    'spotVcpus',
    ...(scaler.reservedConcurrency === null ? [] : (['lambdaRuns'] as const)),
    ...(isOwnNetwork ? (['vpcs'] as const) : []),
    ...(isOwnNetwork && network.egress.startsWith('nat') ? (['elasticIps'] as const) : []),
    ...(builds ? ([pipeline.architecture === 'arm64' ? 'armBuilds' : 'x86Builds'] as const) : []),
  ];
}
