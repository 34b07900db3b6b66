import { link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine, refuseOtherThanLinux } from '../machine';
import { shuffled } from '../shuffled';
import { makePictures } from '../worker/pictures';
import { type DatasetOptions, readOptions } from './options';
import { type Report, resultsOf, toText, verdictsOn } from './report';
import { CASE, type Figures, type RunOptions, run } from './run';
import { type SubjectName, setUp } from './subjects';

/**
 * Pictures of the web to tars of small JPEGs: the worker with shards, img2dataset, plain scripts
 * and sharp alone. A missed bound makes the exit code 1.
 */
async function main(): Promise<void> {
  refuseOtherThanLinux();
  const options = readOptions(process.argv.slice(2));
  const folder = await mkdtemp(join(tmpdir(), 'spillway-bench-'));
  try {
    const report = await measure(options, folder);
    console.log(options.json ? JSON.stringify(report, undefined, 2) : toText(report));
    if (report.verdicts.some(({ isMet }) => !isMet)) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(options: DatasetOptions, folder: string): Promise<Report> {
  const { samples, shardSamples, rounds } = options;
  const { subjects, leftOut } = await setUp(options.subjects, console.error);
  const place: RunOptions = { ...(await layPictures(folder, samples)), samples, shardSamples };
  const all: Map<SubjectName, Figures>[] = [];
  for (let round = 1; round <= rounds; round++) {
    const figures = new Map<SubjectName, Figures>();
    for (const subject of shuffled(subjects)) {
      console.error(`round ${round} of ${rounds}: ${subject.title}`);
      figures.set(subject.name, await run(subject, place));
    }
    all.push(figures);
  }
  const results = resultsOf(subjects, all);
  const verdicts = verdictsOn(results);
  const machine = describeMachine();
  return { machine, title: CASE.title, samples, rounds, leftOut, results, verdicts };
}

/** A folder of the pictures that differ, and one of as many as are wanted, which link to them. */
async function layPictures(folder: string, count: number) {
  const made = join(folder, 'made');
  const pictures = join(folder, 'pictures');
  await Promise.all([made, pictures].map((path) => mkdir(path)));
  await makePictures(made);
  const distinct = join(made, 'web');
  const names = (await readdir(distinct)).sort();
  for (let index = 0; index < count; index++) {
    const name = names[index % names.length] ?? '';
    await link(join(distinct, name), join(pictures, `${String(index).padStart(6, '0')}.jpg`));
  }
  return { distinct, pictures, scratch: folder };
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
