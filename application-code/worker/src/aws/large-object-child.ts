import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../clock';
import { sourceOf } from '../job/opened-source';
import type { SourceObjects } from '../job/ports';
import { awsCalls } from './client';
import { S3OutputObjects, S3SourceObjects } from './s3';

/** Brings an object into a file and the file back to S3, and writes the peak of its memory. */
async function main([client = '', endpoint = '', folder = '']: readonly string[]): Promise<void> {
  const { signal } = new AbortController();
  const settings = { region: 'eu-west-1', s3Endpoint: endpoint, jobConcurrency: 1 };
  const { s3 } = await awsCalls(settings, client === 'sdk' ? 'sdk' : 'lean');
  const sources: SourceObjects = new S3SourceObjects(s3, { bucket: 'films' });
  const opened = await sources.open('film.mov', signal);
  if (!opened) throw new Error('There is no object.');
  const source = sourceOf({
    bucket: 'films',
    key: 'film.mov',
    opened,
    sources,
    clock: systemClock,
    signal,
  });
  const file = join(folder, `film-${client}.mov`);
  await source.toFile(file);
  await new S3OutputObjects(s3, { bucket: 'films' }).write(
    { key: 'out', body: { file }, contentType: 'video/mp4', sourceETag: '"v1"', metadata: {} },
    signal,
  );
  const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
  process.stdout.write(String(Number(kibibytes) / 1024));
}

void main(process.argv.slice(2));
