import { PermanentFault } from '../../worker/src/faults';
import { sampleContext } from '../../worker/src/workload/sample-context';
import type { Output } from '../../worker/src/workload/workload';
import { planOf } from '../outputs';
import type { Recipe, RenditionSpec } from '../recipe';
import { workload } from '../workload';
import { type PictureFacts, readFacts } from './facts';
import { type Fingerprint, fingerprintOf } from './fingerprint';
import type { PictureSample } from './samples';

/** With which S3 serves an object. */
export type ObjectHeaders = Pick<Output, 'contentType' | 'cacheControl' | 'contentDisposition'>;

/** What must come out of one sample for one rendition of the recipe. */
export interface ExpectedRendition extends PictureFacts {
  /** Below the destination prefix. */
  readonly path: string;
  /** For sentences: `small of plain.webp`. */
  readonly title: string;
  readonly headers: ObjectHeaders;
  /**
   * Absent where the crop follows the content, which another version of libvips may see elsewhere.
   */
  readonly fingerprint?: Fingerprint;
}

export interface SourceLimits {
  readonly maxSourceBytes: number;
  readonly maxSourcePixels: number;
}

/** Codes of faults that a pipeline's settings cause on purpose; every other one is a defect. */
const REFUSALS = ['TooManyBytes', 'TooManyPixels', 'RenditionImpossible'];

/**
 * Every rendition that this workload makes of a sample, whatever the recipe asks for.
 * @returns the fault instead, when the pipeline's settings refuse the sample.
 */
export async function expectedRenditions(
  sample: PictureSample,
  recipe: Recipe,
  limits: SourceLimits,
): Promise<readonly ExpectedRendition[] | PermanentFault> {
  try {
    const renditions = await renderSample(sample, recipe, limits);
    return await Promise.all(renditions.map((rendition) => expectedOf(sample, rendition)));
  } catch (error) {
    if (error instanceof PermanentFault && REFUSALS.includes(error.code)) return error;
    throw error;
  }
}

/** An output of the workload, which is held in memory. */
export interface RenditionOutput {
  readonly spec: RenditionSpec;
  /** Below the destination prefix. */
  readonly path: string;
  readonly body: Buffer;
  readonly headers: ObjectHeaders;
}

/** No limit of memory: the samples are small, and a build machine has room for one renderer. */
const MEMORY_LIMIT_MIB = 1_000_000;

/** @throws PermanentFault when the sample, or a rendition of it, is against the settings. */
export async function renderSample(
  { path, body }: PictureSample,
  recipe: Recipe,
  { maxSourceBytes, maxSourcePixels }: SourceLimits,
): Promise<readonly RenditionOutput[]> {
  const processor = await workload.createProcessor(recipe, {
    memoryLimitMiB: MEMORY_LIMIT_MIB,
    maxSourceBytes,
    jobTimeoutSeconds: 0,
    maxProcesses: 1,
    settings: { maxSourcePixels },
  });
  const unread = () => Promise.reject(new Error('The samples are read into memory.'));
  // The renderer may correct what it reads in place.
  const read = async () => Buffer.from(body);
  const source = {
    ...{ bucket: 'samples', key: path, bytes: body.length, etag: '""' },
    ...{ read, stream: unread, toFile: unread },
  };
  const { outputs, release } = await processor.process(source, sampleContext());
  await release?.();
  return outputs.map((output) => toRenditionOutput(path, recipe, output));
}

function toRenditionOutput(sourcePath: string, recipe: Recipe, output: Output): RenditionOutput {
  const { name, body, contentType, cacheControl, contentDisposition } = output;
  if (!Buffer.isBuffer(body)) throw new Error(`The rendition ${name} is not in memory.`);
  const spec = recipe.find((one) => one.name === name) ?? { name };
  const { folder, pathOf } = planOf(spec);
  const headers = {
    contentType,
    ...(cacheControl && { cacheControl }),
    ...(contentDisposition && { contentDisposition }),
  };
  return { spec, path: `${folder}${pathOf(sourcePath)}`, body, headers };
}

async function expectedOf(
  sample: PictureSample,
  { spec, path, body, headers }: RenditionOutput,
): Promise<ExpectedRendition> {
  return {
    path,
    title: `${spec.name} of ${sample.path}`,
    headers,
    ...(await readFacts(body)),
    ...(!followsContent(spec) && { fingerprint: await fingerprintOf(body) }),
  };
}

/** Whether the picture itself decides what is cropped. */
export function followsContent({ position, fit = 'cover' }: RenditionSpec): boolean {
  return fit === 'cover' && (position === 'entropy' || position === 'attention');
}
