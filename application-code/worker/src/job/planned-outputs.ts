import type { OutputPlan, SkippedOutput } from '../workload/recipe';
import type { Output, ProcessedSource } from '../workload/workload';
import type { JobRun } from './job';
import { outputKey } from './keys';
import type { OutputWriter, Written } from './output-writer';
import type { OutputObject, SourceVersion } from './ports';
import { RECIPE_HASH, recipeHash } from './recipe-hash';
import { skippedMetadata } from './skipped-outputs';

/** The outputs of a source whose keys its recipe plans. */
export class PlannedOutputs implements OutputWriter {
  readonly replaces = true;
  /** Key of each output, by its name. */
  private readonly keys: ReadonlyMap<string, string>;

  constructor(
    sourceKey: string,
    private readonly run: JobRun,
  ) {
    const { settings } = run;
    this.keys = new Map(
      settings.outputs.map((plan) => [plan.name, outputKey(sourceKey, plan, settings)]),
    );
  }

  async write(
    { outputs, skipped = [] }: ProcessedSource,
    { eTag }: SourceVersion,
  ): Promise<Written> {
    const plans = this.run.settings.outputs;
    const common = skippedMetadata(skipped, plans);
    refuseIncomplete(plans, outputs, skipped);
    const writes = outputs.map((output) => this.writeOne(output, eTag, common));
    const failed = (await Promise.allSettled(writes)).find((write) => write.status === 'rejected');
    if (failed) throw failed.reason;
    const names = new Set(skipped.map(({ name }) => name));
    const renditions = [...this.keys].filter(([name]) => !names.has(name)).map(([, key]) => key);
    return { outcome: 'done', renditions, ...(skipped.length > 0 && { skipped }) };
  }

  private async writeOne(
    { name, metadata, ...output }: Output,
    sourceETag: string,
    common: OutputObject['metadata'],
  ): Promise<void> {
    const { settings, ports, signal, onWrite } = this.run;
    const plan = settings.outputs.find((one) => one.name === name);
    const key = this.keys.get(name);
    if (!plan || key === undefined)
      throw new Error(`The workload made an output ${name}, which the recipe does not name.`);
    const all = { ...metadata, ...common, [RECIPE_HASH]: recipeHash(plan) };
    onWrite();
    await ports.destination.write({ ...output, key, sourceETag, metadata: all }, signal);
  }
}

/** A source is done when each of its outputs is made once, or is optional and skipped. */
export function refuseIncomplete(
  plans: readonly OutputPlan[],
  outputs: readonly Output[],
  skipped: readonly SkippedOutput[],
): void {
  const made = outputs.map(({ name }) => name);
  const left = plans.filter(
    ({ name, isOptional }) =>
      !made.includes(name) && !(isOptional && skipped.some((one) => one.name === name)),
  );
  const twice = made.filter((name, at) => made.indexOf(name) !== at);
  if (left.length === 0 && twice.length === 0) return;
  const names = (list: readonly string[]) => list.join(', ') || 'none';
  throw new Error(
    'The workload must make every output of its recipe once, but it left out ' +
      `${names(left.map(({ name }) => name))} and made ${names(twice)} twice.`,
  );
}
