import { type Command, InvalidArgumentError } from 'commander';
import { recordRecipe } from '../../deployer/record-recipe';
import { revisionNumber } from '../../deployer/revisions/revisions';
import {
  planRollback,
  type RollbackPlan,
  type RollbackResult,
  rollBack,
} from '../../deployer/rollback';
import { age } from '../../text/units';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';
import { openTarget, type Target, type TargetOptions, targetCommand } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import { RefusalError, UsageError } from '../terminal/failures';
import type { Session } from '../terminal/session';

interface RollbackOptions extends TargetOptions {
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

const EXAMPLES = `
Examples:
  npx spillway rollback -e dev                    to the one before the promoted one; it asks
  npx spillway rollback -e dev --to 7
  npx spillway rollback -e prod --to 7 --dry-run  checks everything and changes nothing
  npx spillway rollback -e prod --yes --json      for scripts

Tasks that run finish on their revision; new ones start on the older one. Nothing is built and no
canary runs.
Needs ssm:GetParameter, ssm:GetParameterHistory, ssm:PutParameter, ecs:ListTaskDefinitions,
ecs:DescribeTaskDefinition and ecr:DescribeImages.`;

/** `spillway rollback` */
export function rollbackCommand(session: Session): Command {
  return targetCommand('rollback', {
    summary: 'promotes an older revision',
    description:
      'Promotes a revision that was promoted before, so that a canary has passed it. It must ' +
      'be active, and its image must still be there.',
  })
    .option(
      '--to <REVISION>',
      'its number, family:revision or ARN (default: the newest one older than the promoted one)',
      revisionOf,
    )
    .option('--dry-run', 'only say what would be done')
    .option('-y, --yes', 'do not ask; needed where no one can be asked')
    .addHelpText('after', EXAMPLES)
    .action((options: RollbackOptions) => rollback(session, options));
}

async function rollback(session: Session, options: RollbackOptions): Promise<void> {
  const { chosen, account } = await openTarget(session, options);
  refuseOwnImage(chosen);
  const mayAsk = session.ask !== undefined && !options.json;
  if (!options.yes && !options.dryRun && !mayAsk)
    throw new UsageError(
      'no one can be asked here: say --yes to roll back, or --dry-run to see what would be done.',
    );
  const plan = await withDeployed(chosen, () => planRollback(account, chosen, options.to));
  if (options.dryRun) return say(session, options, { chosen, plan });
  if (!options.yes && !(await session.ask?.(question(chosen, plan, session.now()))))
    throw new RefusalError('nothing was changed.');
  const done = await rollBack(account, chosen, plan);
  await recordItsRecipe(session, { chosen, account }, plan);
  say(session, options, { chosen, plan, done });
}

/** The fleet is rolled back also if this fails. */
async function recordItsRecipe(
  { warn }: Session,
  { chosen, account }: Target,
  { from, to }: RollbackPlan,
): Promise<void> {
  try {
    const [promoted, before] = await Promise.all(
      [to.name, from].map((name) => account.taskDefinitions.describe(name)),
    );
    if (promoted)
      await recordRecipe(account.parameters, chosen.parameterPath, { promoted, before });
  } catch (error) {
    warn(
      `It could not be recorded that the recipe of ${to.name} holds from now on ` +
        `(${error instanceof Error ? error.message : String(error)}); \`npx spillway reconcile ` +
        '--recipe-changed` then takes the time of the rollback for it.',
    );
  }
}

function revisionOf(text: string): string {
  const isNumber = /^[1-9]\d{0,8}$/.test(text);
  const isName = /^(arn:[^:]+:ecs:[^/]+:task-definition\/[^:/]+|[A-Za-z0-9_-]+):[1-9]\d*$/.test(
    text,
  );
  if (isNumber || isName) return text;
  throw new InvalidArgumentError(
    'It must be a number such as 7, family:7, or the ARN of a revision.',
  );
}

function refuseOwnImage({ ownImage, environment, pipeline }: TargetPipeline): void {
  if (ownImage === null) return;
  throw new RefusalError(
    `the configuration names the image of ${pipeline} in ${environment} (${ownImage}), and a ` +
      'deploy of the stacks would promote it again: set `image` to the older one there and ' +
      'deploy.',
  );
}

function question(
  { environment, pipeline, region }: TargetPipeline,
  plan: RollbackPlan,
  now: number,
): string {
  const { to } = plan;
  const facts = [
    `image ${(to.imageDigest ?? to.image).replace('sha256:', '').slice(0, 12)}`,
    ...(to.commit ? [`commit ${to.commit.slice(0, 12)}`] : []),
    ...(to.registeredAt === undefined ? [] : [`registered ${age(to.registeredAt, now)}`]),
  ];
  return [
    `${pipeline} in ${environment}, ${region}: ${plan.from} is promoted now.`,
    `Promote ${to.name} (${facts.join(', ')}) instead?`,
  ].join('\n');
}

interface Result {
  readonly chosen: TargetPipeline;
  readonly plan: RollbackPlan;
  /** Absent after a dry run. */
  readonly done?: RollbackResult;
}

function say(session: Session, options: RollbackOptions, result: Result): void {
  session.print(
    options.json ? JSON.stringify(asJson(result), undefined, 2) : asText(result, session.paint),
  );
}

function asJson({ chosen, plan, done }: Result) {
  return {
    environment: chosen.environment,
    pipeline: chosen.pipeline,
    region: chosen.region,
    from: plan.from,
    to: plan.to.name,
    imageDigest: plan.to.imageDigest ?? null,
    commit: plan.to.commit ?? null,
    dryRun: done === undefined,
    overwritten: done?.overwritten ?? null,
  };
}

function asText({ chosen, plan, done }: Result, paint: Session['paint']): string {
  const { from, to } = plan;
  if (!done) return `Would promote ${to.name} instead of ${from}. Nothing was changed.`;
  const undo = `npx spillway rollback ${sameOptions(chosen)} --to ${revisionNumber(from)}`;
  return [
    paint('green', `${to.name} is promoted instead of ${from}.`),
    ...(done.overwritten
      ? [
          paint(
            'yellow',
            `${done.overwritten} had been promoted a moment before; this took its place as well.`,
          ),
        ]
      : []),
    'Tasks that run finish on their revision; new ones start on this one.',
    'The next push is built and promoted again; a deploy of the stacks keeps this image.',
    `To undo: ${undo}`,
  ].join('\n');
}
