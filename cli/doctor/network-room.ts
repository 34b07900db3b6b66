import type { KnobName } from '../../lambda/scaler/decision/knobs';
import type { TasksByProvider } from '../../lambda/scaler/ports';
import type { Environment, PipelineSettings } from '../../stacks/config/blueprint-config';
import { pluralize } from '../../text/words';
import { type Status, tasksIn } from '../status/read-status';
import type { TargetPipeline } from '../target/choose-pipeline';
import type { Examination } from './examination';
import { type Finding, when } from './finding';
import { QUOTAS, type QuotaName } from './quotas';

const PER_VCPU = 1_024;
/**
 * Runs that Lambda keeps for functions without a reservation:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const UNRESERVED_RUNS = 10;

/** What fleets of `max-tasks` would need of quotas and addresses. */
export function roomFindings(
  seen: Examination,
  environment: Environment,
  { chosen, settings }: { readonly chosen: TargetPipeline; readonly settings: PipelineSettings },
): readonly Finding[] {
  const { quotas, freeAddresses, status } = seen;
  const maxTasks = Number(knobOf(status, 'maxTasks') ?? settings.maxTasks);
  const present = status ? tasksIn(status.fleet) : 0;
  return [
    ...needsOf(seen, environment, chosen).flatMap(([name, needed, why]) => {
      const { service, name: title } = QUOTAS[name];
      const quota = quotas[name] ?? needed;
      const need = `but ${needed} may be needed: ${why}.`;
      const sentence = `The quota “${title}” (${service}) is ${quota}, ${need}`;
      return when(
        quota < needed,
        'quota',
        sentence,
        'Ask for more in Service Quotas, or lower what needs it.',
      );
    }),
    ...when(
      freeAddresses !== undefined && freeAddresses + present < maxTasks,
      'no-room',
      `The subnets have ${freeAddresses} free addresses, but up to ${maxTasks} tasks need one ` +
        `each (${present} have theirs).`,
      'Add subnets or larger ones, or lower `max-tasks`.',
    ),
  ];
}

type Need = readonly [quota: QuotaName, needed: number, why: string];

function needsOf(
  seen: Examination,
  environment: Environment,
  { pipeline }: TargetPipeline,
): readonly Need[] {
  const { vpcs = 0, elasticIps = 0, status } = seen;
  const { scaler, network, pipelines } = environment;
  const fleets = Object.entries(pipelines).map(([name, settings]) =>
    // The knobs of the others are not looked at.
    largestFleet(settings, name === pipeline ? status : undefined),
  );
  // Each pipeline has a scaler of its own.
  const reserved = (scaler.reservedConcurrency ?? 0) * fleets.length;
  const gateways = network.egress === 'nat-per-az' ? network.availabilityZones : 1;
  const vcpus = (provider: keyof TasksByProvider): readonly [number, string] => {
    const tasks = fleets.reduce((sum, fleet) => sum + fleet.tasks[provider], 0);
    const needed = fleets.reduce((sum, fleet) => sum + fleet.tasks[provider] * fleet.vcpus, 0);
    return [
      needed,
      `for ${pluralize(tasks, 'task')} on ${provider} of ${pluralize(fleets.length, 'pipeline')}`,
    ];
  };
  return [
    ['onDemandVcpus', ...vcpus('FARGATE')],
    ['spotVcpus', ...vcpus('FARGATE_SPOT')],
    [
      'lambdaRuns',
      reserved + UNRESERVED_RUNS,
      `${reserved} reserved, and ${UNRESERVED_RUNS} must be left`,
    ],
    ['vpcs', vpcs + 1, 'this environment makes one more'],
    [
      'elasticIps',
      elasticIps + gateways,
      `${elasticIps} are there, and each NAT gateway takes one more`,
    ],
    ['armBuilds', 1, 'for a build of the image'],
    ['x86Builds', 1, 'for a build of the image'],
  ];
}

/** `max-tasks` as base and weights split them, and the vCPUs of a task. */
function largestFleet(settings: PipelineSettings, status: Status | undefined) {
  const knob = (name: 'maxTasks' | 'onDemandBase' | 'onDemandWeight' | 'spotWeight') =>
    Number(knobOf(status, name) ?? settings[name]);
  const maxTasks = knob('maxTasks');
  const share = knob('onDemandWeight') / (knob('onDemandWeight') + knob('spotWeight'));
  const onDemandTasks = Math.ceil(knob('onDemandBase') + (maxTasks - knob('onDemandBase')) * share);
  const onDemand = Math.min(maxTasks, onDemandTasks);
  const tasks: TasksByProvider = { FARGATE: onDemand, FARGATE_SPOT: maxTasks - onDemand };
  return { tasks, vcpus: settings.cpuUnits / PER_VCPU };
}

function knobOf(status: Status | undefined, name: KnobName): string | undefined {
  const knob = status?.knobs.find((one) => one.name === name);
  return knob && (knob.override ?? knob.configured);
}
