import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { ProgramsUnderTest } from '../../test/fakes/command/job-under-test';

/** A bundle as `build.mjs` makes it, in small: its argument says what its function does. */
const SOURCE = `
  import { writeFileSync, readFileSync } from 'node:fs';
  import { jobRecipe } from './command-recipe';
  import { jobWorkload } from './command-workload';
  import { JobRejected, TryAgain } from './job-function';
  const jobs = {
    upper: ({ input, output }) =>
      writeFileSync(output + '/x', readFileSync(input, 'utf8').toUpperCase()),
    told: ({ input, output, signal, log, progress, ...rest }) => {
      log('a line');
      progress(0.25, 'page 1');
      writeFileSync(output + '/x', JSON.stringify(rest));
    },
    rejected: () => { throw new JobRejected('page 2\\nis torn'); },
    later: async () => { throw new TryAgain('no licence'); },
    broken: () => { throw new TypeError('x is not a function'); },
    leaky: () => void setInterval(() => undefined, 1000),
    stopped: ({ signal, log }) => {
      log('ready');
      return new Promise((resolve) => signal.addEventListener('abort', () => {
        log(signal.reason.message);
        resolve();
      }));
    },
  };
  const [, , name] = process.argv;
  jobWorkload(jobRecipe({}), jobs[name]).runJob().then(process.exit);
`;

let folder: string;
let programs: ProgramsUnderTest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-function-'));
  buildSync({
    stdin: { contents: SOURCE, resolveDir: __dirname, loader: 'ts' },
    ...{ bundle: true, platform: 'node', outfile: join(folder, 'main.js') },
  });
  programs = await ProgramsUnderTest.create();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await programs.remove();
});

const call = (name: string, options: Parameters<ProgramsUnderTest['sh']>[1] = {}) =>
  programs.run({ ...options, argv: [process.execPath, join(folder, 'main.js'), name] });

test('a function reads the input and writes outputs', async () => {
  expect((await call('upper')).outputs).toEqual({ x: 'HELLO' });
});

test('it learns about its job, and says lines and progress', async () => {
  const told: unknown[] = [];
  const { outputs, lines } = await call('told', {
    key: 'in/a.wav',
    attempt: 2,
    onProgress: (...progress) => told.push(progress),
  });
  expect(JSON.parse(outputs.x ?? '')).toEqual({
    ...{ id: 'message-1', attempt: 2, maxAttempts: 8, sentAt: '1970-01-01T00:00:00.000Z' },
    ...{ cpus: 1, memoryMiB: 512, recipe: {} },
    source: {
      ...{ bucket: 'photos', key: 'in/a.wav', etag: '"e1"', bytes: 5 },
      contentType: 'text/plain',
    },
  });
  expect(lines).toEqual(['a line']);
  expect(told).toEqual([[0.25, 'page 1']]);
});

test.each([
  ['rejected', 'JobRejected', 'page 2 is torn'],
  ['later', 'TryAgain', 'The program asked to be tried again: no licence'],
  ['broken', 'JobFailed', 'ended with exit code 1: TypeError: x is not a function'],
])('one that is %s ends as %s', async (name, fault, message) => {
  const { code, error } = await call(name);
  expect(code).toBe(fault);
  expect(error?.message).toContain(message);
});

test('the trace of what was not foreseen is logged', async () => {
  const { lines } = await call('broken');
  expect(lines).toContainEqual(expect.stringMatching(/^ {4}at .*main\.js:\d+/));
});

test('its process ends with it, whatever it has left open', async () => {
  expect((await call('leaky')).code).toBeUndefined();
});

test('it is asked to end by its signal', async () => {
  const end = new AbortController();
  const { lines, error } = await call('stopped', {
    signal: end.signal,
    onLog: (line) => line === 'ready' && end.abort(new Error('too old')),
  });
  expect(error?.message).toBe('too old');
  expect(lines).toEqual(['ready', 'The worker has told the job to end.']);
});
