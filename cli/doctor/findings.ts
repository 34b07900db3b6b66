import type { KnobName } from '../../lambda/scaler/knobs';
import type { TasksByProvider } from '../../lambda/scaler/ports';
import type { Environment, PipelineSettings } from '../../stacks/config/blueprint-config';
import type { ChosenPipeline } from '../chosen-pipeline';
import { counted } from '../counted';
import { isPaused, type Status } from '../status/read-status';
import { type Examination, QUOTAS, type QuotaName } from './examination';
import { silenceOf } from './silence';

/** Something that is wrong, or would fail: a code that scripts can rely on, a sentence, and what to do. */
export interface Finding {
  readonly code: string;
  readonly sentence: string;
  readonly cure: string;
}

/** What the scaler holds launches for, beside what a status shows by itself. */
const HELD: Readonly<Record<string, readonly [sentence: string, cure: string]>> = {
  'tasks-failing': [
    'The last tasks failed without finishing a job, so that the scaler only probes.',
    "Read the worker's log; go back with `npx spillway rollback` when a new image is at fault.",
  ],
  'no-addresses': [
    'Every subnet of the tasks is without free addresses.',
    'Add subnets or larger ones, or lower `max-tasks`.',
  ],
  'vcpu-quota': [
    "The account's quota of Fargate vCPUs is used up.",
    'Ask for a higher one in Service Quotas, or lower `max-tasks`.',
  ],
  'image-unavailable': [
    'The image of the tasks cannot be pulled.',
    'Look at the image in the repository, and at the way from the subnets to ECR.',
  ],
  'resources-unavailable': [
    'Tasks get no network interface, or cannot reach a secret, the registry or their log.',
    'Look at the endpoints or the gateway of the subnets, and at the execution role.',
  ],
  'invalid-parameters': [
    'A runtime parameter has a value that is not allowed.',
    '`npx spillway status` names it; `npx spillway set NAME configured` restores it.',
  ],
};

const PER_VCPU = 1_024;
/** Runs that Lambda keeps for functions without a reservation: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
const UNRESERVED_RUNS = 10;

/** Everything that is wrong, what keeps the pipeline from working at all first. */
export function findingsOf(
  seen: Examination,
  chosen: ChosenPipeline,
  environment: Environment | undefined,
): readonly Finding[] {
  const settings = environment?.pipelines[chosen.pipeline];
  return [
    ...when(seen.undeployed !== undefined, 'not-deployed', seen.undeployed ?? '', 'Deploy the stacks.'),
    ...(seen.status ? statusFindings(seen.status, chosen) : []),
    ...(seen.status && settings ? silenceFindings(seen.status, settings, seen.at) : []),
    ...neighbourFindings(seen, chosen),
    ...(environment && settings ? roomFindings(seen, environment, { chosen, settings }) : []),
  ];
}

function when(holds: boolean, code: string, sentence: string, cure: string): readonly Finding[] {
  return holds ? [{ code, sentence, cure }] : [];
}

function statusFindings(status: Status, chosen: ChosenPipeline): readonly Finding[] {
  const { promoted, letters, lastRun, knobs } = status;
  const dead = letters.backlog + letters.inFlight;
  // A run that probes launches, and says so; what it probes for is wrong all the same.
  const held = lastRun?.obstacle ?? lastRun?.because ?? '';
  const [sentence, cure] = HELD[held] ?? [];
  return [
    ...when(
      !promoted,
      'no-image-yet',
      'No image has been promoted yet, so that no task can run; objects wait in the queue.',
      firstImage(chosen),
    ),
    ...when(isPaused(knobs), 'paused', 'The pipeline is paused.', '`npx spillway resume` ends that.'),
    ...when(sentence !== undefined, held, sentence ?? '', cure ?? ''),
    ...when(
      lastRun?.error !== undefined && sentence === undefined,
      'scaler-failing',
      `The last run of the scaler failed: ${lastRun?.error}`,
      'Its log names the parameter or the permission.',
    ),
    ...when(
      dead > 0,
      'dead-letters',
      `There ${dead === 1 ? 'is' : 'are'} ${counted(dead, 'dead letter')}.`,
      '`npx spillway dlq list` shows their reasons.',
    ),
  ];
}

function silenceFindings(status: Status, { schedule }: PipelineSettings, at: number): readonly Finding[] {
  const silence = silenceOf(status, schedule, at);
  return when(
    silence !== undefined,
    'scaler-silent',
    `The scaler has not run for ${silence}, but its schedule is ${schedule}.`,
    "Look at its schedule in EventBridge Scheduler, the schedule's role and the function's concurrency. Right after a first deploy, wait for its first run.",
  );
}

function firstImage({ source, environment }: ChosenPipeline): string {
  if (source === 'connection')
    return 'Push a change of the worker; `npx spillway revisions` tells how it went.';
  return source === 's3'
    ? `The output \`source_command\` of ${environment}-delivery uploads your last commit, which is then built.`
    : 'Push an image into the repository, and start the project `deploy`.';
}

/** What the pipeline rests on and others must do. */
function neighbourFindings(
  { connection, hearsPushes, unconfirmed = [], usesEventBridge }: Examination,
  { environment }: ChosenPipeline,
): readonly Finding[] {
  return [
    ...when(
      connection !== undefined && connection !== 'AVAILABLE',
      'connection-pending',
      `The connection to the repository is ${connection}: no push starts the pipeline.`,
      'Confirm it in the console, where the output `confirm_connection` leads, and deploy again.',
    ),
    ...when(
      connection === 'AVAILABLE' && hearsPushes === false,
      'no-trigger',
      'The connection was confirmed after the last deploy: the delivery has no trigger, and no push starts it.',
      `Deploy once more: \`npx cdktf deploy '${environment}-*'\`.`,
    ),
    ...when(
      unconfirmed.length > 0,
      'alarm-unconfirmed',
      `The subscription of ${unconfirmed.join(', ')} is not confirmed, so that no alarm arrives there.`,
      `Follow the link in the mail that AWS sent. After 48 hours the subscription is gone: \`npx cdktf deploy '${environment}-*'\` makes it anew.`,
    ),
    ...when(
      usesEventBridge === false,
      'eventbridge-off',
      'The existing source bucket sends no events to EventBridge, so that no object becomes a job.',
      'Its owner runs the command of the output `…_switch_on_command`.',
    ),
  ];
}

/** What fleets of `max-tasks` would need of quotas and addresses. */
function roomFindings(
  seen: Examination,
  environment: Environment,
  { chosen, settings }: { readonly chosen: ChosenPipeline; readonly settings: PipelineSettings },
): readonly Finding[] {
  const { quotas, freeAddresses, status } = seen;
  const maxTasks = Number(knobOf(status, 'maxTasks') ?? settings.maxTasks);
  const fleet = Object.values(status?.fleet ?? {});
  const present = fleet.reduce((sum, { running, pending }) => sum + running + pending, 0);
  return [
    ...needsOf(seen, environment, chosen).flatMap(([name, needed, why]) => {
      const { service, name: title } = QUOTAS[name];
      const quota = quotas[name] ?? needed;
      const sentence = `The quota “${title}” (${service}) is ${quota}, but ${needed} may be needed: ${why}.`;
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
      `The subnets have ${freeAddresses} free addresses, but up to ${maxTasks} tasks need one each (${present} have theirs).`,
      'Add subnets or larger ones, or lower `max-tasks`.',
    ),
  ];
}

type Need = readonly [quota: QuotaName, needed: number, why: string];

function needsOf(seen: Examination, environment: Environment, { pipeline }: ChosenPipeline): readonly Need[] {
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
    return [needed, `for ${counted(tasks, 'task')} on ${provider} of ${counted(fleets.length, 'pipeline')}`];
  };
  return [
    ['onDemandVcpus', ...vcpus('FARGATE')],
    ['spotVcpus', ...vcpus('FARGATE_SPOT')],
    ['lambdaRuns', reserved + UNRESERVED_RUNS, `${reserved} reserved, and ${UNRESERVED_RUNS} must be left`],
    ['vpcs', vpcs + 1, 'this environment makes one more'],
    ['elasticIps', elasticIps + gateways, `${elasticIps} are there, and each NAT gateway takes one more`],
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
