import { ProgramsUnderTest } from '../../../test/fakes/command/job-under-test';
import { OwnFault, TransientFault } from '../../worker/src/faults';

let programs: ProgramsUnderTest;

beforeEach(async () => {
  programs = await ProgramsUnderTest.create();
});

afterEach(async () => {
  expect(await programs.left()).toEqual([]);
  expect(programs.running()).toEqual([]);
  await programs.remove();
});

describe('a program', () => {
  test('works in a new folder with the input and an empty output folder', async () => {
    const { outputs } = await programs.sh(
      'ls -A > list; pwd > output/pwd; cat list > output/list; cat input.txt > output/input; ' +
        'ls -A output | wc -l > output/count',
      { key: 'deep/ü $(x)/a b.txt', body: 'the body' },
    );
    expect(outputs.list).toBe('input.txt\nlist\noutput\n');
    expect(outputs.pwd).toMatch(new RegExp(`^${programs.scratch}/job-\\w+\n$`));
    expect(outputs.input).toBe('the body');
  });

  test('learns about its job by its environment, and nothing else', async () => {
    const { outputs } = await programs.run({
      argv: ['sh', '-c', 'env > output/env'],
      key: 'in/a.txt',
      attempt: 3,
      jobCpus: 2,
      jobMemoryMiB: 300,
    });
    const lines = (outputs.env ?? '').trim().split('\n');
    const given = new Map(lines.map((line) => line.split(/=(.*)/s) as [string, string]));
    const folder = given.get('JOB_OUTPUT')?.replace('/output', '');
    // The shell's own.
    for (const name of ['PWD', 'OLDPWD', 'SHLVL', '_']) given.delete(name);
    expect(Object.fromEntries(given)).toEqual({
      ATTEMPT: '3',
      JOB_CPUS: '2',
      JOB_ID: 'message-1',
      JOB_INPUT: `${folder}/input.txt`,
      JOB_MEMORY_MIB: '300',
      JOB_OUTPUT: `${folder}/output`,
      JOB_PROGRESS: `${folder}/progress`,
      MAX_ATTEMPTS: '8',
      PATH: process.env.PATH,
      RECIPE: '{}',
      S3_BUCKET: 'photos',
      S3_KEY: 'in/a.txt',
      SENT_AT: '1970-01-01T00:00:00.000Z',
      SOURCE_BUCKET: 'photos',
      SOURCE_CONTENT_TYPE: 'text/plain',
      SOURCE_ETAG: '"e1"',
      SOURCE_KEY: 'in/a.txt',
      SOURCE_SIZE: '5',
      TMPDIR: folder,
    });
  });

  test.each([
    ['below the scratch folder', true],
    ['elsewhere', false],
  ])('has a home of its own where that of the image is %s', async (_where, isOwn) => {
    const home = isOwn ? programs.scratch : '/home/models';
    const { outputs } = await programs.run(
      { argv: ['sh', '-c', 'echo $HOME $TMPDIR > output/x'] },
      { inherited: { PATH: process.env.PATH ?? '', HOME: home } },
    );
    const [found, temporary] = (outputs.x ?? '').trim().split(' ');
    expect(found).toBe(isOwn ? temporary : home);
  });

  test.each([
    ['a.tar.gz', 'input.gz'],
    ['a', 'input'],
    ['a.x y', 'input'],
    ['.hidden', 'input'],
    ['a.$(reboot)', 'input'],
    [`a.${'x'.repeat(99)}`, 'input'],
  ])('the source %s is %s: of its key only a plain extension is kept', async (key, input) => {
    const { outputs } = await programs.sh('ls input* > output/name', { key });
    expect(outputs.name).toBe(`${input}\n`);
  });

  test('keeps a suffix that the workload names', async () => {
    const { outputs } = await programs.sh('ls input* > output/name', {
      key: 'a.tar.gz',
      suffixes: ['.tar.gz'],
    });
    expect(outputs.name).toBe('input.tar.gz\n');
  });

  test('takes words as they are: no shell reads them', async () => {
    const { lines } = await programs.run({ argv: ['echo', '$HOME; `x` *', '"'] });
    expect(lines).toEqual(['$HOME; `x` * "']);
  });

  test('has no standard input', async () => {
    const { outputs } = await programs.sh('cat > output/input; echo $? >> output/input');
    expect(outputs.input).toBe('0\n');
  });
});

describe('what a program says', () => {
  test('each line of both its outputs is logged', async () => {
    const { lines } = await programs.sh('echo one; printf "two\\r\\nthree\\n\\nfour" >&2');
    expect([...lines].sort()).toEqual(['four', 'one', 'three', 'two']);
  });

  test('65: never, with the last line of its standard error', async () => {
    const { error, code } = await programs.sh(
      'echo "page 1 is fine" >&2; echo "page 2 is torn" >&2; echo done; exit 65',
    );
    expect([code, error?.message]).toEqual(['JobRejected', 'page 2 is torn']);
    expect(error?.name).toBe('PermanentFault');
  });

  test('65 without a word says so', async () => {
    const { error } = await programs.sh('exit 65');
    expect(error?.message).toContain('exit code 65, and wrote nothing');
  });

  test('75: later', async () => {
    const { error, code } = await programs.sh('echo "no licence is free" >&2; exit 75');
    expect([code, error?.name]).toEqual(['TryAgain', 'TransientFault']);
    expect(error?.message).toContain('no licence is free');
  });

  test.each([
    ['exit 1', 'ended with exit code 1: first\nlast'],
    ['kill -SEGV $$', 'was killed by SIGSEGV: first\nlast'],
    ['kill -KILL $$', 'was killed by SIGKILL: first\nlast'],
  ])('%s: failed, with its last lines', async (end, message) => {
    const { error, code } = await programs.sh(`echo first >&2; echo last >&2; ${end}`);
    expect([code, error?.name]).toEqual(['JobFailed', 'TransientFault']);
    expect(error?.message).toBe(`The program ${message}`);
  });

  test('a program that cannot be started has failed, and says why', async () => {
    const { error, code } = await programs.run({ argv: ['/no/such/program'] });
    expect(code).toBe('JobFailed');
    expect(error?.message).toContain('ENOENT');
  });

  test('a program that Linux killed for memory has failed, and the message says so', async () => {
    let kills = 0;
    const small = await ProgramsUnderTest.create({ countOomKills: () => kills++ });
    const { error, code } = await small.sh('kill -KILL $$');
    expect(code).toBe('JobFailed');
    expect(error?.message).toContain('Linux killed a process for memory meanwhile');
    await small.remove();
  });

  test('tells how far it is', async () => {
    const told: unknown[] = [];
    const { lines } = await programs.sh('echo "0.5 page 7 of 14" > p; mv p $JOB_PROGRESS', {
      onProgress: (...progress) => told.push(progress),
    });
    expect(told).toEqual([[0.5, 'page 7 of 14']]);
    expect(lines).toEqual([]);
  });

  test.each(['fast', '1.5 over', '-1'])(
    'the progress %s is refused in a log line',
    async (progress) => {
      const { lines } = await programs.sh(`echo "${progress}" > "$JOB_PROGRESS"`);
      expect(lines).toEqual([expect.stringContaining('JOB_PROGRESS must begin with a number')]);
    },
  );

  test('a pipe instead of the progress file is not waited for', async () => {
    const { code } = await programs.sh('mkfifo "$JOB_PROGRESS"; echo x > output/x');
    expect(code).toBeUndefined();
  });
});

describe('a program that has to end', () => {
  test('is asked to end, and the reason is the one of its signal', async () => {
    const end = new AbortController();
    const reason = new Error('The worker had to end.');
    const { error, lines } = await programs.sh(
      'trap "echo ending; exit 0" TERM; echo ready; while :; do :; done',
      { signal: end.signal, onLog: (line) => line === 'ready' && end.abort(reason) },
    );
    expect(error).toBe(reason);
    expect(lines).toEqual(['ready', 'ending']);
  });

  test("is late by its own fault, and by no outage's", async () => {
    const end = new AbortController();
    const { error, code } = await programs.sh('echo ready; exec sleep 60', {
      signal: end.signal,
      onLog: () => end.abort(new TransientFault('JobTimeout', 'The job took too long.')),
    });
    expect(error).toBeInstanceOf(OwnFault);
    expect([code, error?.message]).toEqual(['JobTimeout', 'The job took too long.']);
  });

  test('is killed with its children when it does not end', async () => {
    const end = new AbortController();
    const { error } = await programs.sh('trap "" TERM; sleep 60 & echo ready; wait; sleep 60', {
      signal: end.signal,
      onLog: (line) => line === 'ready' && end.abort(new Error('late')),
    });
    expect(error?.message).toBe('late');
  });

  test('is not started when the job had to end before', async () => {
    const { error, lines } = await programs.sh('echo started', {
      signal: AbortSignal.abort(new Error('too late')),
    });
    expect(error?.message).toBe('too late');
    expect(lines).toEqual([]);
  });
});
