import { printable, shellWord } from '../../text/printable';
import { pluralize } from '../../text/words';
import { sameOptions, type TargetPipeline } from '../target/choose-pipeline';
import type { TargetOptions } from '../target/target';
import { durationInWords } from '../terminal/option-values';
import type { MissingObject } from './find-missing';
import type { ReconcileResult } from './reconcile';

/** Options of `spillway reconcile`. */
export interface ReconcileOptions extends TargetOptions {
  readonly enqueue?: boolean;
  readonly recipeChanged?: boolean;
  readonly orphans?: boolean;
  readonly startAfter?: string;
  /** Milliseconds. */
  readonly olderThan?: number;
  readonly rate: number;
}

/** Jobs a second. */
export const DEFAULT_RATE = 100;

export function howToGoOn(
  { position }: ReconcileResult,
  options: ReconcileOptions,
  chosen: TargetPipeline,
): string {
  const startAfter = position ?? options.startAfter;
  if (startAfter === undefined) return 'Nothing was done: run the command again.';
  return `To continue: ${commandLine({ ...options, startAfter }, chosen)}`;
}

function commandLine(options: ReconcileOptions, chosen: TargetPipeline): string {
  const { enqueue, recipeChanged, orphans, olderThan, rate, json, startAfter } = options;
  return [
    `npx spillway reconcile ${sameOptions(chosen)}`,
    ...(recipeChanged ? ['--recipe-changed'] : []),
    ...(enqueue ? ['--enqueue'] : []),
    ...(orphans ? ['--orphans'] : []),
    ...(olderThan === undefined ? [] : [`--older-than ${durationInWords(olderThan)}`]),
    ...(rate === DEFAULT_RATE ? [] : [`--rate ${rate}`]),
    ...(json ? ['--json'] : []),
    ...(startAfter === undefined ? [] : [`--start-after ${shellWord(startAfter)}`]),
  ].join(' ');
}

export function missingAsJson(
  { source, outputs, outdated, fault }: MissingObject,
  { enqueue = false, recipeChanged }: ReconcileOptions,
): string {
  return JSON.stringify({
    key: source.key,
    bytes: source.bytes,
    missing: outputs,
    ...(recipeChanged && { outdated }),
    enqueued: enqueue,
    ...(fault !== undefined && { fault }),
  });
}

export function missingInWords({ source, outputs, outdated, fault }: MissingObject): string {
  const what = [
    ...(outputs.length > 0 ? [`lacks ${outputs.join(', ')}`] : []),
    ...(outdated.length > 0 ? [`older than the recipe: ${outdated.join(', ')}`] : []),
  ];
  return printable(`${source.key}  ${what.join('; ')}${fault === undefined ? '' : `: ${fault}`}`);
}

/** Outputs of one source that its manifest no longer lists. */
export function orphansAsJson(source: string, orphans: readonly string[]): string {
  return JSON.stringify({ source, orphans });
}

export function orphansInWords(source: string, orphans: readonly string[]): string {
  return orphans.map((key) => printable(`${key}  no longer listed for ${source}`)).join('\n');
}

/** The last line of `--json`. */
export function summaryAsJson(
  done: ReconcileResult,
  revision: string,
  chosen: TargetPipeline,
): string {
  const { environment, pipeline } = chosen;
  const { lettered: deadLettered, position = null, ...counts } = done;
  return JSON.stringify({ environment, pipeline, revision, ...counts, deadLettered, position });
}

export function summaryInWords(
  done: ReconcileResult,
  options: ReconcileOptions,
  chosen: TargetPipeline,
): string {
  const { looked, missing, outdated, enqueued, skipped, lettered } = done;
  return [
    `${pluralize(looked, 'object')} looked at: ${missing} without outputs and without a dead ` +
      'letter',
    ...(outdated > 0 || options.recipeChanged
      ? [`${outdated} with outputs older than the recipe`]
      : []),
    ...(enqueued > 0 ? [`${enqueued} are jobs now`] : []),
    ...(options.orphans ? [`${pluralize(done.orphans, 'output')} no longer listed`] : []),
    ...(skipped > 0 ? [`${skipped} with an output that was skipped`] : []),
    `${lettered} with a dead letter.${whatNext(done, options, chosen)}`,
  ].join(', ');
}

function whatNext(
  { missing, outdated, enqueued }: ReconcileResult,
  options: ReconcileOptions,
  chosen: TargetPipeline,
): string {
  const { recipeChanged } = options;
  if (outdated > 0 && !recipeChanged)
    return (
      ' To make jobs of what is older than the recipe, too: ' +
      `${commandLine({ ...options, recipeChanged: true, enqueue: true }, chosen)}`
    );
  if (enqueued > 0 || missing + outdated === 0) return '';
  return ` To make jobs of them: ${commandLine({ ...options, enqueue: true }, chosen)}`;
}
