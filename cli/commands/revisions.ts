import type { Command } from 'commander';
import type { DeployOutcome } from '../../contract/delivery';
import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import {
  activeRevisions,
  promotedRevisions,
  type RevisionFacts,
  revisionName,
  revisionNumber,
} from '../../deployer/revisions/revisions';
import { table } from '../../text/table';
import { age } from '../../text/units';
import type { Account } from '../ports/account';
import { isDelivered, type TargetPipeline } from '../target/choose-pipeline';
import { lastOutcome } from '../target/deploy-outcome';
import { openTarget, type TargetOptions, targetCommand } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import type { Session } from '../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway revisions -e dev
  npx spillway revisions --environment prod --pipeline photos
  npx spillway revisions -e prod --json | jq -r '.revisions[] | select(.promoted) | .imageDigest'

A rollback goes only to one that was promoted before.
Needs ssm:GetParameter, ssm:GetParameterHistory, ecs:ListTaskDefinitions and
ecs:DescribeTaskDefinition.`;

/** `spillway revisions` */
export function revisionsCommand(session: Session): Command {
  return targetCommand('revisions', {
    summary: 'the revisions that can run, the promoted one, and how the last delivery went',
    description:
      "The active revisions of a pipeline's task definition, newest first: which one is " +
      'promoted, which were before, its image and where it came from; below them how the last ' +
      'delivery went.',
  })
    .addHelpText('after', EXAMPLES)
    .action(async (options: TargetOptions) => {
      const { chosen, account } = await openTarget(session, options);
      const found = await withDeployed(chosen, () => readRevisions(account, chosen));
      session.print(
        options.json ? JSON.stringify(asJson(found), undefined, 2) : revisionsPage(found, session),
      );
    });
}

async function readRevisions(account: Account, chosen: TargetPipeline): Promise<Revisions> {
  const { value } = await account.parameters.read(
    `${chosen.parameterPath}${TASK_DEFINITION_PARAMETER}`,
  );
  const outcome = isDelivered(chosen)
    ? await lastOutcome(account.parameters, chosen.deliveryPath)
    : undefined;
  return {
    chosen,
    active: await activeRevisions(account.taskDefinitions, chosen.taskFamily),
    everPromoted: await promotedRevisions(account.parameters, chosen.parameterPath),
    ...(value !== NO_IMAGE_YET && { promoted: revisionName(value) }),
    ...(outcome && { outcome }),
  };
}

function asJson({ chosen, active, everPromoted, promoted, outcome }: Revisions) {
  const { environment, pipeline, region, taskFamily } = chosen;
  return {
    environment,
    pipeline,
    region,
    taskFamily,
    promoted: promoted ?? null,
    revisions: active.map((revision) => ({
      revision: revision.number,
      name: revision.name,
      arn: revision.arn,
      promoted: revision.name === promoted,
      promotedBefore: revision.name !== promoted && everPromoted.has(revision.name),
      image: revision.image,
      imageDigest: revision.imageDigest ?? null,
      commit: revision.commit ?? null,
      template: revision.template ?? null,
      registeredAt:
        revision.registeredAt === undefined ? null : new Date(revision.registeredAt).toISOString(),
    })),
    outcome: outcome ?? null,
  };
}

/** What there is of one pipeline, and how its last delivery went. */
interface Revisions {
  readonly chosen: TargetPipeline;
  /** Newest first. */
  readonly active: readonly RevisionFacts[];
  /** Every `family:revision` that a rollback can go to while it is active, and the promoted one. */
  readonly everPromoted: ReadonlySet<string>;
  /** `family:revision` that the scaler launches. */
  readonly promoted?: string;
  /** Absent before the first delivery, and where no delivery brings the images. */
  readonly outcome?: DeployOutcome;
}

const HEAD = ['', 'REVISION', 'IMAGE', 'COMMIT', 'TEMPLATE', 'REGISTERED', 'STATE'];
const MARK = '*';
/** Enough to tell images and commits apart at a glance; `--json` has all of it. */
const SHORT_CHARACTERS = 12;

/** How the first image comes, by the delivery's source. */
const FIRST_IMAGE = {
  connection:
    'The first push to the branch of the configuration is built, tried on a canary and promoted.',
  s3: "The first archive in the delivery's source bucket is built, tried on a canary and promoted.",
  none:
    'The configuration has no source of images: set `delivery.source`, or the `image` of the ' +
    'pipeline, and deploy.',
};

type Screen = Pick<Session, 'paint' | 'now' | 'columns'>;

/** What `spillway revisions` shows to a person. */
function revisionsPage(found: Revisions, { paint, now, columns }: Screen): string {
  const { chosen, active } = found;
  const rows = active.map((revision) => row(revision, stateOf(revision, found), now()));
  const [head = '', ...lines] = table([HEAD, ...rows], columns);
  return [
    paint('bold', chosen.taskFamily) +
      paint('dim', ` (environment ${chosen.environment}, ${chosen.region})`),
    ...(active.length > 0
      ? [
          '',
          paint('dim', head),
          ...lines.map((line) => (line.startsWith(MARK) ? paint('green', line) : line)),
        ]
      : []),
    '',
    ...promotedLines(found, paint),
    ...outcomeLines(found, { paint, now }),
  ].join('\n');
}

type State = 'promoted' | 'promoted before' | 'never promoted';

function stateOf({ name }: RevisionFacts, { promoted, everPromoted }: Revisions): State {
  if (name === promoted) return 'promoted';
  return everPromoted.has(name) ? 'promoted before' : 'never promoted';
}

function row(revision: RevisionFacts, state: State, now: number): readonly string[] {
  const { number, imageDigest, image, commit, template, registeredAt } = revision;
  return [
    state === 'promoted' ? MARK : ' ',
    String(number),
    imageDigest ? short(imageDigest.replace('sha256:', '')) : image,
    commit ? short(commit) : '-',
    template ? String(revisionNumber(template)) : '-',
    registeredAt === undefined ? '-' : age(registeredAt, now),
    state,
  ];
}

const short = (text: string) => text.slice(0, SHORT_CHARACTERS);

function promotedLines(
  { chosen, active, promoted }: Revisions,
  paint: Session['paint'],
): readonly string[] {
  if (promoted === undefined)
    return [
      'Nothing is promoted yet, and so no task is started; objects that are uploaded ' +
        'meanwhile wait in the queue.',
      FIRST_IMAGE[chosen.source],
    ];
  const owner =
    chosen.ownImage === null
      ? ''
      : ' The configuration names its image, so a deploy of the stacks promotes.';
  if (active.some(({ name }) => name === promoted))
    return [`${MARK} Promoted: new tasks start on revision ${revisionNumber(promoted)}.${owner}`];
  return [
    paint('red', `${promoted} is promoted, but it is not active: no task can be started.`),
    `Promote another one with \`npx spillway rollback --to REVISION\`, or push.${owner}`,
  ];
}

function outcomeLines({ chosen, outcome }: Revisions, { paint, now }: Screen): readonly string[] {
  if (!isDelivered(chosen)) return [];
  if (!outcome) return ['Nothing has been delivered yet.'];
  const { result, at, revision, reason } = outcome;
  const what = revision === undefined ? '' : ` of ${revision}`;
  const when = age(Date.parse(at), now());
  if (result === 'promoted')
    return [`Last delivery${what}: ${paint('green', 'promoted')}, ${when}.`];
  if (result === 'unchanged') return [`Last delivery${what}: nothing had changed, ${when}.`];
  return [
    `Last delivery${what}: ${paint('red', 'refused')}, ${when}. ` +
      `${reason ?? 'No reason was given.'}`,
  ];
}
