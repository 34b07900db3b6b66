import type { Environment, PipelineSettings } from '../../stacks/config/blueprint-config';
import { longestGapSeconds } from '../../stacks/config/rules/schedule-gap';
import { pluralize } from '../../text/words';
import { isPaused, LOOK_BACK, type Status } from '../status/read-status';
import type { TargetPipeline } from '../target/choose-pipeline';
import type { Examination } from './examination';
import { type Finding, when } from './finding';
import { roomFindings } from './network-room';
import { wakeUpFindings } from './wake-ups';

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

/** Everything that is wrong; first what keeps the pipeline from working at all. */
export function findingsOf(
  seen: Examination,
  chosen: TargetPipeline,
  environment: Environment | undefined,
): readonly Finding[] {
  const settings = environment?.pipelines[chosen.pipeline];
  return [
    ...deployFindings(seen, chosen),
    ...(seen.status ? statusFindings(seen.status, chosen) : []),
    ...(seen.status && settings ? silenceFindings(seen.status, settings, seen.at) : []),
    ...neighbourFindings(seen, chosen),
    ...wakeUpFindings(seen, chosen),
    ...(environment && settings ? roomFindings(seen, environment, { chosen, settings }) : []),
  ];
}

/** Nothing is there, or a deploy was interrupted, or a part of it was deleted. */
function deployFindings(
  { isDeployed, undeployed, missing }: Examination,
  { environment, endpoint }: TargetPipeline,
): readonly Finding[] {
  if (endpoint)
    return when(
      undeployed !== undefined,
      'not-deployed',
      undeployed ?? '',
      'That run is ending or broken: `npm start -- --keep` starts another.',
    );
  if (!isDeployed || missing.length === 0)
    return when(undeployed !== undefined, 'not-deployed', undeployed ?? '', 'Deploy the stacks.');
  return when(
    true,
    'half-deployed',
    `A part of the deploy is missing: ${missing.join(', ')}.`,
    `Deploy again: \`npx cdktf deploy '${environment}-*'\` makes what is missing, and its ` +
      'plan shows it first.',
  );
}

function statusFindings(status: Status, chosen: TargetPipeline): readonly Finding[] {
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
    ...when(
      isPaused(knobs),
      'paused',
      'The pipeline is paused.',
      '`npx spillway resume` ends that.',
    ),
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
      `There ${dead === 1 ? 'is' : 'are'} ${pluralize(dead, 'dead letter')}.`,
      '`npx spillway dlq list` shows their reasons.',
    ),
  ];
}

function silenceFindings(
  status: Status,
  { schedule }: PipelineSettings,
  at: number,
): readonly Finding[] {
  const silence = silenceOf(status, schedule, at);
  return when(
    silence !== undefined,
    'scaler-silent',
    `The scaler has not run for ${silence}, but its schedule is ${schedule}.`,
    "Look at its schedule in EventBridge Scheduler, the schedule's role and the function's " +
      'concurrency. Right after a first deploy, wait for its first run.',
  );
}

function firstImage({ source, environment }: TargetPipeline): string {
  if (source === 'connection')
    return 'Push a change of the worker; `npx spillway revisions` tells how it went.';
  return source === 's3'
    ? `The output \`source_command\` of ${environment}-delivery uploads your last commit, which ` +
        'is then built.'
    : 'Push an image into the repository, and start the project `deploy`.';
}

/** What the pipeline rests on and others must do. */
function neighbourFindings(
  { connection, hearsPushes, unconfirmed = [], usesEventBridge, mostRuns }: Examination,
  { environment, scaler }: TargetPipeline,
): readonly Finding[] {
  return [
    ...when(
      mostRuns === 0,
      'scaler-throttled',
      `The function ${scaler} reserves a concurrency of 0, so that it never runs.`,
      `\`aws lambda delete-function-concurrency --function-name ${scaler}\` lets it run, and ` +
        'the next deploy reserves what is configured.',
    ),
    ...when(
      connection !== undefined && connection !== 'AVAILABLE',
      'connection-pending',
      `The connection to the repository is ${connection}: no push starts the pipeline.`,
      'Confirm it in the console, where the output `confirm_connection` leads, and deploy again.',
    ),
    ...when(
      connection === 'AVAILABLE' && hearsPushes === false,
      'no-trigger',
      'The connection was confirmed after the last deploy: the delivery has no trigger, and ' +
        'no push starts it.',
      `Deploy once more: \`npx cdktf deploy '${environment}-*'\`.`,
    ),
    ...when(
      unconfirmed.length > 0,
      'alarm-unconfirmed',
      `The subscription of ${unconfirmed.join(', ')} is not confirmed, so that no alarm ` +
        'arrives there.',
      'Follow the link in the mail that AWS sent. After 48 hours the subscription is gone: ' +
        `\`npx cdktf deploy '${environment}-*'\` makes it again.`,
    ),
    ...when(
      usesEventBridge === false,
      'eventbridge-off',
      'The existing source bucket sends no events to EventBridge, so that no object becomes a job.',
      'Its owner runs the command of the output `…_switch_on_command`.',
    ),
  ];
}

const MINUTE = 60_000;
/** Runs that may be missing, and the milliseconds that a line needs into the log. */
const [MISSING_RUNS, LINE_DELAY] = [3, 2 * MINUTE] as const;

/**
 * How long a scaler has not run, in words; undefined while it runs as its schedule says, or when
 * that is unknown. A scaler that no longer runs writes no metric, and with no job in the queue no
 * alarm reports it.
 * @param at - milliseconds since the epoch.
 */
export function silenceOf(
  { lastRun, unknown }: Pick<Status, 'lastRun' | 'unknown'>,
  schedule: string,
  at: number,
): string | undefined {
  const most = MISSING_RUNS * (longestGapSeconds(schedule) ?? 0) * 1_000 + LINE_DELAY;
  // A line whose time cannot be read says at least that it ran in the time that was looked at.
  if (lastRun?.at === 0) return undefined;
  if (lastRun)
    return at - lastRun.at > most ? `${Math.floor((at - lastRun.at) / MINUTE)} minutes` : undefined;
  return unknown.lastRun === undefined && most < LOOK_BACK ? 'a day or more' : undefined;
}
