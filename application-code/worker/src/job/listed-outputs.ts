import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { OutputPlan } from '../workload/recipe';
import type { Output, ProcessedSource } from '../workload/workload';
import type { JobRun } from './job';
import { outputKey } from './keys';
import {
  type ListedOutput,
  listedPlan,
  MANIFEST_TYPE,
  type Manifest,
  manifestText,
} from './manifest';
import type { OutputWriter, Written } from './output-writer';
import type { OutputObject, SourceVersion } from './ports';
import { RECIPE_HASH, recipeHash } from './recipe-hash';

/** Each file is read in parts of megabytes, which are in memory while they are sent. */
const WRITES_AT_A_TIME = 4;

/** The outputs of a source whose keys are not known before, and the manifest that lists them. */
export class ListedOutputs implements OutputWriter {
  readonly replaces = true;
  private readonly manifestKey: string;

  constructor(
    private readonly sourceKey: string,
    private readonly run: JobRun,
    private readonly plan: OutputPlan,
  ) {
    this.manifestKey = outputKey(sourceKey, plan, run.settings);
  }

  /** The manifest comes last: what it lists is there. */
  async write({ outputs }: ProcessedSource, version: SourceVersion): Promise<Written> {
    const keys = this.keysOf(outputs);
    const listed: ListedOutput[] = [];
    for (let first = 0; first < outputs.length; first += WRITES_AT_A_TIME) {
      const writes = outputs
        .slice(first, first + WRITES_AT_A_TIME)
        .map((output, at) => this.writeOne(output, keys[first + at] ?? '', version));
      listed.push(...(await allOf(writes)));
    }
    await this.put({
      key: this.manifestKey,
      body: Buffer.from(manifestText(this.manifestOf(listed, version))),
      contentType: MANIFEST_TYPE,
      sourceETag: version.eTag,
      metadata: {},
    });
    return { outcome: 'done', renditions: [this.manifestKey] };
  }

  private manifestOf(
    outputs: readonly ListedOutput[],
    { eTag: etag, bytes }: SourceVersion,
  ): Manifest {
    const { sourceBucket: bucket } = this.run.settings;
    const source = { bucket, key: this.sourceKey, etag, bytes };
    return { source, recipeHash: recipeHash(this.plan), outputs };
  }

  /** @throws Error for a name that is no path, PermanentFault for a key that is too long. */
  private keysOf(outputs: readonly Output[]): readonly string[] {
    const names = outputs.map(({ name }) => name);
    const wrong = names.find((name, at) => !isPath(name) || names.indexOf(name) !== at);
    if (wrong !== undefined)
      throw new Error(
        'The workload must name each output once, by a path without empty parts, `.` and `..`, ' +
          `but it made ${JSON.stringify(wrong)}.`,
      );
    return names.map((name) => outputKey(this.sourceKey, listedPlan(name), this.run.settings));
  }

  private async writeOne(
    { name: _name, metadata = {}, ...output }: Output,
    key: string,
    { eTag: sourceETag }: SourceVersion,
  ): Promise<ListedOutput> {
    const { bytes, sha256 } = await digestOf(output.body);
    await this.put({ ...output, key, sourceETag, metadata });
    return { key, bytes, sha256, contentType: output.contentType };
  }

  private async put(output: OutputObject): Promise<void> {
    const { ports, signal, onWrite } = this.run;
    signal.throwIfAborted();
    const metadata = { ...output.metadata, [RECIPE_HASH]: recipeHash(this.plan) };
    onWrite();
    await ports.destination.write({ ...output, metadata }, signal);
  }
}

/** Waits for all of them, whatever fails. */
async function allOf<Answer>(promises: readonly Promise<Answer>[]): Promise<Answer[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/** Size and SHA-256 of an output. */
export async function digestOf(
  body: Output['body'],
): Promise<Pick<ListedOutput, 'bytes' | 'sha256'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of Buffer.isBuffer(body) ? [body] : createReadStream(body.file)) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Whether it is a path below a folder, and text that S3 takes. */
function isPath(name: string): boolean {
  return !/\p{Surrogate}/u.test(name) && name.split('/').every((part) => !/^\.{0,2}$/.test(part));
}
