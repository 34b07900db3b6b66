import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { outcomeOf } from '../../test/fakes/cli/outcomes';
import { addChartOptions, writeCharts } from './chart-files';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'charts-'));
});
afterEach(() => rm(folder, { recursive: true }));

const runs = [{ outcome: outcomeOf({ name: 'steps' }), answer: 'drained in 10 min' }];
const text = { title: 'Photos', remarks: [] };
const parsed = (...words: string[]) =>
  addChartOptions(new Command().exitOverride().configureOutput({ writeErr: () => undefined }))
    .parse(words, { from: 'user' })
    .opts();

test('writes a page and a picture, each where it is asked for', async () => {
  const [out, svg] = [path.join(folder, 'run.html'), path.join(folder, 'run.svg')];
  await writeCharts(runs, text, parsed('--out', out, '--svg', svg));
  expect(await readFile(out, 'utf8')).toMatch(/^<!doctype html>.*drained in 10 min/s);
  expect(await readFile(svg, 'utf8')).toMatch(/^<svg xmlns=/);
});

test('writes nothing where nothing is asked for', async () => {
  await expect(writeCharts(runs, text, parsed())).resolves.toBeUndefined();
});

test.each([
  ['another suffix', '--out', 'run.pdf', /'run\.pdf' is invalid\. Its name must end in \.html\./],
  ['a folder that is not there', '--svg', 'no/run.svg', /The folder .*no must exist\./],
])('refuses %s before anything is simulated', (_what, option, file, sentence) => {
  expect(() => parsed(option, file)).toThrow(sentence);
});

test('refuses a folder that has the name of a file', async () => {
  const taken = path.join(folder, 'run.html');
  await mkdir(taken);
  expect(() => parsed('--out', taken)).toThrow(/It must be a file, and is a folder\./);
});

test('says which file cannot be written, and why', async () => {
  const out = path.join(folder, 'gone', 'run.html');
  await expect(writeCharts(runs, text, { out })).rejects.toThrow(
    /^--out cannot write .*run\.html \(ENOENT.*\): choose another place\.$/,
  );
});
