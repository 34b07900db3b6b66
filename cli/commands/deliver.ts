import type { Command } from 'commander';
import { deliveryNames, pipelineNames } from '../../contract/names';
import { withSource } from '../../folder/read-source';
import type { Environment } from '../../stacks/config/blueprint-config';
import { timeOfDay } from '../../text/units';
import { pluralize } from '../../text/words';
import type { SourceArchive } from '../deliver/source-archive';
import type { Account, DeliveryAction, DeliveryRun } from '../ports/account';
import { lastOutcome } from '../target/deploy-outcome';
import { chosenEnvironment, type PipelineOptions, pipelineCommand } from '../target/target';
import { failureSentence, InterruptError, RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import { outputNamed } from './outputs';

const LOOK_EVERY_MILLISECONDS = 5_000;
/** EventBridge starts the pipeline, usually some seconds after the upload. */
const START_LIMIT_MILLISECONDS = 180_000;
/**
 * https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecutionSummary.html
 */
const UNDER_WAY = ['InProgress', 'Stopping'];

const EXAMPLES = `
Examples:
  npx spillway deliver -e dev
  npx spillway deliver -e dev --json | jq .outcomes

For environments whose delivery takes an archive (\`source: 's3'\`, the default). Uncommitted
changes stay here. It ends with 0 when the image is promoted, and with 1 and the reason when it
is not; Ctrl-C ends the look, not the delivery.
Needs s3:PutObject and s3:GetObject on the archive, codepipeline:ListPipelineExecutions,
codepipeline:ListActionExecutions, ssm:GetParameter and terraform; with an own key
kms:GenerateDataKey and kms:Decrypt.`;

/** `spillway deliver` */
export function deliverCommand(session: Session): Command {
  return pipelineCommand('deliver', {
    summary: 'uploads the last commit and follows build, canary and promotion',
    description:
      'Archives the last commit of this checkout, uploads it where the delivery takes it, and ' +
      'follows what comes of it.',
  })
    .addHelpText('after', EXAMPLES)
    .action((options: PipelineOptions) => deliver(session, options));
}

async function deliver(session: Session, options: PipelineOptions): Promise<void> {
  const name = await chosenEnvironment(session, options);
  const environment = session.environments().find((one) => one.name === name);
  if (!environment) throw new Error(`${name} went missing`);
  refuseOtherSource(environment);
  const outputs = await session.outputs(name);
  const place = archivePlace(outputNamed(outputs, 'source_archive'));
  const account = session.openAccount({ region: environment.region });
  const sent = await session.withSourceArchive((archive) => send(session, account, place, archive));
  const url = outputNamed(outputs, 'pipeline_url');
  const followed = {
    account,
    pipeline: deliveryNames(environment).pipeline,
    version: sent.version,
    url,
  };
  const run = await follow(session, followed, options);
  await tell(session, options, { environment, account, run, url, ...sent });
}

function refuseOtherSource({ name, delivery: { source, branch } }: Environment): void {
  if (source === 's3') return;
  throw new RefusalError(
    source === 'connection'
      ? `the delivery of ${name} listens to a repository: push to ${branch}, and \`npx spillway ` +
          `revisions -e ${name}\` tells what came of it.`
      : `the delivery of ${name} has no source: set \`delivery.source\` in the configuration ` +
          'and deploy.',
  );
}

function archivePlace(url: string) {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  return { bucket, key };
}

interface SourceVersion {
  readonly commit: string;
  /** Version of the archive in its bucket, which names the run. */
  readonly version: string;
}

async function send(
  { warn, interruptSignal }: Session,
  { buckets }: Account,
  { bucket, key }: { readonly bucket: string; readonly key: string },
  { path, bytes, commit, uncommitted }: SourceArchive,
): Promise<SourceVersion> {
  if (uncommitted > 0)
    warn(
      `${pluralize(uncommitted, 'file')} ${uncommitted === 1 ? 'is' : 'are'} not as committed: ` +
        `only ${short(commit)} is delivered.`,
    );
  const file = { kind: 'file', path, relativePath: key, bytes } as const;
  const options = { signal: interruptSignal(), onSent: () => undefined };
  await withSource(file, (body) => buckets.put({ bucket }, key, body, options));
  const { versionId } = (await buckets.look({ bucket }, key)) ?? {};
  if (!versionId)
    throw new RefusalError(`s3://${bucket}/${key} has no versions: deploy the stacks again.`);
  warn(`${short(commit)} is uploaded.`);
  return { commit, version: versionId };
}

interface DeliveryPlace {
  readonly account: Account;
  readonly pipeline: string;
  readonly version: string;
  readonly url: string;
}

/** @returns the run once it has ended. */
async function follow(
  session: Session,
  { account, pipeline, version, url }: DeliveryPlace,
  { json }: PipelineOptions,
): Promise<DeliveryRun> {
  const stop = session.interruptSignal();
  const began = session.now();
  const told = new Map<string, string>();
  while (!stop.aborted) {
    const run = await account.deliveries.runOf(pipeline, version).catch((error: unknown) => {
      const why = failureSentence(error) ?? String(error);
      throw new RefusalError(`it is delivered, but cannot be followed: ${why} ${url} shows it.`, {
        cause: error,
      });
    });
    if (!run && session.now() - began > START_LIMIT_MILLISECONDS)
      throw new RefusalError(
        `${pipeline} has not started within three minutes; ${url} shows what it does.`,
      );
    for (const { name, status } of run?.actions ?? []) {
      if (told.get(name) !== status && !json)
        session.print(`${timeOfDay(session.now())} ${name}: ${status}`);
      told.set(name, status);
    }
    if (run && !UNDER_WAY.includes(run.status)) return run;
    await session.sleep(LOOK_EVERY_MILLISECONDS);
  }
  throw new InterruptError(`stopped looking; the delivery continues: ${url}`);
}

interface Delivery extends SourceVersion {
  readonly environment: Environment;
  readonly account: Account;
  readonly run: DeliveryRun;
  readonly url: string;
}

/** @throws RefusalError when the image is not promoted. */
async function tell(
  session: Session,
  { json }: PipelineOptions,
  delivered: Delivery,
): Promise<void> {
  const { environment, account, run, commit, url } = delivered;
  const { blueprint, name } = environment;
  const delivers = Object.entries(environment.pipelines).filter(([, { image }]) => image === null);
  const outcomes = await Promise.all(
    delivers.map(async ([pipeline]) => {
      const { deliveryPath } = pipelineNames({ blueprint, environment: name, pipeline });
      return { pipeline, ...(await lastOutcome(account.parameters, deliveryPath)) };
    }),
  );
  // A run that fails before its deploy leaves the outcome of another one.
  const own = run.actions.some((action) => action.name.startsWith('Deploy ')) ? outcomes : [];
  if (json) {
    const document = {
      environment: name,
      commit,
      status: run.status,
      actions: run.actions,
      outcomes: own,
      url,
    };
    session.print(JSON.stringify(document, undefined, 2));
  } else
    for (const { pipeline, result = 'nothing to do', revision, reason } of own)
      session.print(
        [`${pipeline}: ${result}`, revision ?? '', reason ?? ''].filter((part) => part).join(' '),
      );
  if (run.status !== 'Succeeded')
    throw new RefusalError(`${short(commit)} is not promoted: ${whyNot(run, url)}`);
}

function whyNot({ status, actions }: DeliveryRun, url: string): string {
  const failed = actions.find((action): action is DeliveryAction => action.status === 'Failed');
  if (!failed) return `the run ended as ${status}; ${url} shows it.`;
  const why = failed.error ? ` (${failed.error.trim()})` : '';
  return `${failed.name} failed${why}; ${failed.url ?? url} shows its log.`;
}

const short = (commit: string) => commit.slice(0, 12);
