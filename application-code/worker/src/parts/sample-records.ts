import { digestOf } from '../job/listed-outputs';
import type { SourceEntry } from '../job/messages';
import type { SourceVersion } from '../job/ports';
import type { Output, ProcessedSource } from '../workload/workload';
import type { LeftOutRow, SampleFile, SampleRow } from './part-index';
import { sampleKeyOf } from './sample-key';
import { paddingOf, tarEntry } from './tar';

/** A source object as it was read. */
export interface ReadSource {
  readonly entry: SourceEntry;
  /** Its path below the source prefix. */
  readonly path: string;
  readonly version: SourceVersion;
  readonly readAt: Date;
  readonly label: string | undefined;
}

/** A sample before it has a place in a part. */
export interface NewSample {
  readonly row: Omit<SampleRow, 'offset'>;
  /** Its records in the tar, one after the other. */
  readonly pieces: readonly Output['body'][];
}

/** A file of a sample by its extension. */
export interface NewSampleFile {
  readonly extension: string;
  readonly body: Output['body'];
}

/** The tar records of a sample, its `.json` last, and its row of the index. */
export async function sampleOf(
  source: ReadSource,
  made: readonly NewSampleFile[],
  columns: ProcessedSource['columns'],
): Promise<NewSample> {
  const sample = sampleKeyOf(source.path);
  const files: SampleFile[] = [];
  const pieces: Output['body'][] = [];
  let length = 0;
  const add = async ({ extension, body }: NewSampleFile) => {
    const file = { extension, ...(await digestOf(body)) };
    const name = `${sample}.${extension}`;
    const modifiedAt = validDate(source.version.lastModified) ?? source.readAt;
    const header = tarEntry({ name, bytes: file.bytes, modifiedAt });
    const padding = paddingOf(file.bytes);
    files.push(file);
    pieces.push(header, body, padding);
    length += header.length + file.bytes + padding.length;
  };
  for (const file of made) await add(file);
  await add({ extension: 'json', body: jsonOf(source, columns, files) });
  const { label } = source;
  const row = { ...sourceFacts(source), sample, length, files };
  return { row: { ...row, ...(label && { label }), ...(columns && { columns }) }, pieces };
}

/** What the index says of every source that was read. */
export function sourceFacts({
  entry: { key, eventTime, sequencer },
  version,
  readAt,
}: ReadSource): Omit<LeftOutRow, 'leftOut'> {
  const lastModified = validDate(version.lastModified)?.toISOString();
  return {
    ...{ key, eTag: version.eTag, readAt: readAt.toISOString(), sourceBytes: version.bytes },
    ...(lastModified && { lastModified }),
    ...(eventTime && { eventTime }),
    ...(sequencer && { sequencer }),
  };
}

/** For readers that see the tar alone. */
function jsonOf(
  source: ReadSource,
  columns: ProcessedSource['columns'],
  files: readonly SampleFile[],
): Buffer {
  const { key, eTag, sourceBytes, lastModified } = sourceFacts(source);
  const { label } = source;
  return Buffer.from(
    JSON.stringify({ key, label, eTag, sourceBytes, lastModified, ...columns, files }),
  );
}

/** A header may say anything. */
function validDate(date: Date | undefined): Date | undefined {
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
