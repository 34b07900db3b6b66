import {
  type Manifest,
  outFolder,
  parseManifest,
} from '../../application-code/worker/src/job/manifest';
import type { Buckets, ListedObject, ObjectPrint } from '../ports/buckets';
import type { DeployedWorker } from '../target/deployed-worker';

/** What a manifest and the listing of its outputs do not agree about. */
export interface ManifestCheck {
  /** Keys that the manifest lists, and that are not there or have another size. */
  readonly absent: readonly string[];
  /** Keys that are there and older than the manifest, which does not list them. */
  readonly orphans: readonly string[];
}

/** A manifest in the destination bucket. */
export interface ManifestObject extends Pick<ObjectPrint, 'modifiedAt'> {
  readonly key: string;
}

/**
 * Holds a manifest against the listing of its outputs. What is younger than the manifest may be the
 * work of a job that has not written its own yet, and is no orphan.
 * @returns undefined when the manifest is not of this version of the source, or cannot be read.
 */
export async function checkManifest(
  source: ListedObject,
  { key, modifiedAt }: ManifestObject,
  { buckets, worker }: { readonly buckets: Buckets; readonly worker: DeployedWorker },
): Promise<ManifestCheck | undefined> {
  const manifest = readable(await buckets.read(worker.destination, key));
  if (manifest?.source.etag.replaceAll('"', '') !== source.etag) return undefined;
  const sizes = new Map(manifest.outputs.map((output) => [output.key, output.bytes]));
  const orphans: string[] = [];
  const folder = outFolder(source.key.slice(worker.sourcePrefix.length));
  const prefix = `${worker.destinationPrefix}${folder}`;
  for await (const there of buckets.list(worker.destination, prefix)) {
    if (!sizes.has(there.key) && there.modifiedAt < modifiedAt) orphans.push(there.key);
    if (sizes.get(there.key) === there.bytes) sizes.delete(there.key);
  }
  return { absent: [...sizes.keys()], orphans };
}

function readable(text: string | undefined): Manifest | undefined {
  try {
    return text === undefined ? undefined : parseManifest(text);
  } catch {
    // Whatever it is, it lists nothing: the job has to be done again.
    return undefined;
  }
}
