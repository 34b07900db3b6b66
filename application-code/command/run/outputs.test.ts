import { ProgramsUnderTest } from '../../../test/fakes/command/job-under-test';

let programs: ProgramsUnderTest;

beforeAll(async () => {
  programs = await ProgramsUnderTest.create();
});

afterAll(async () => {
  expect(await programs.left()).toEqual([]);
  await programs.remove();
});

describe("outputs: 'any'", () => {
  test('all files below output/, by their paths, with a type by extension', async () => {
    const { outputs, types } = await programs.sh(
      'mkdir -p output/a/b output/empty; for f in x.png a/y.csv "a/b/é +.parquet" z.nothing .h; ' +
        'do echo "$f" > "output/$f"; done',
    );
    expect(outputs).toEqual({
      '.h': '.h\n',
      'a/b/é +.parquet': 'a/b/é +.parquet\n',
      'a/y.csv': 'a/y.csv\n',
      'x.png': 'x.png\n',
      'z.nothing': 'z.nothing\n',
    });
    expect(types).toEqual({
      '.h': 'application/octet-stream',
      'a/b/é +.parquet': 'application/vnd.apache.parquet',
      'a/y.csv': 'text/csv',
      'x.png': 'image/png',
      'z.nothing': 'application/octet-stream',
    });
  });

  test('may be none', async () => {
    const { outputs, code } = await programs.sh('true');
    expect([outputs, code]).toEqual([{}, undefined]);
  });

  test.each([
    ['a link to a file', 'ln -s /etc/passwd output/x', 'output/x\\" is a symbolic link'],
    ['a link to a folder', 'mkdir output/d; ln -s / output/d/root', 'is a symbolic link'],
    ['a link to nothing', 'ln -s nowhere output/x', 'is a symbolic link'],
    ['a pipe', 'mkfifo output/x', 'is a pipe'],
    ['a name that is no text', 'touch "$(printf \'output/\\377\')"', 'is no text'],
    ['a newline in a name', 'touch "$(printf \'output/a\\nb\')"', 'control characters'],
    ['a file that may not be read', 'touch output/x; chmod 0 output/x', 'may not be read'],
    ['a linked output folder', 'rmdir output; ln -s / output', 'replaced its output folder'],
    ['no output folder', 'rmdir output', 'replaced its output folder'],
    ['too many files', 'for i in 1 2 3 4; do touch output/$i; done', 'more than 3 outputs'],
    ['too large ones', 'head -c 2097153 /dev/zero > output/x', 'more than 2 MiB'],
    ['a name beyond S3', `d=$(printf '%0200d' 0); cd output; ${deep(6)}`, 'more than 1024 bytes'],
  ])('refuses %s', async (_what, script, message) => {
    const { error, code } = await programs.sh(script, { maxOutputFiles: 3, maxOutputMiB: 2 });
    expect([code, error?.name]).toEqual(['OutputNotAllowed', 'PermanentFault']);
    expect(error?.message).toContain(message.replaceAll('\\"', '"'));
  });

  test('refuses a socket', async () => {
    const { error } = await programs.node(
      "require('node:net').createServer().listen('output/x', () => process.exit(0))",
    );
    expect(error?.message).toContain('is a socket');
  });
});

describe('declared outputs', () => {
  const film = { key: 'a/b.mov', suffixes: ['.mov'] };
  const two = { ...film, outputs: ['web/{stem}.mp4', '{stem}.jpg'] };

  test.each([
    ['the source', 'b'],
    ['the input', 'input'],
  ])('may be called by %s', async (_whom, stem) => {
    const { outputs, types } = await programs.sh(
      `mkdir output/web; echo film > output/web/${stem}.mp4; echo poster > output/${stem}.jpg`,
      two,
    );
    expect(outputs).toEqual({ 'web-stem.mp4': 'film\n', 'stem.jpg': 'poster\n' });
    expect(types).toEqual({ 'web-stem.mp4': 'video/mp4', 'stem.jpg': 'image/jpeg' });
  });

  test('by default one is, of the whole name', async () => {
    const { outputs } = await programs.run({
      argv: ['cp', 'input.zip', 'output/'],
      outputs: ['{name}'],
      key: 'x/scene.zip',
    });
    expect(outputs).toEqual({ name: 'hello' });
  });

  test('all must be there', async () => {
    const { error, code } = await programs.sh('touch output/b.jpg output/c', two);
    expect([code, error?.name]).toEqual(['OutputMissing', 'TransientFault']);
    expect(error?.message).toBe(
      'The program ended well without output/web/b.mp4 or output/web/input.mp4; it wrote ' +
        'output/b.jpg, output/c.',
    );
  });

  test('may not be there by both names', async () => {
    const { error, code } = await programs.sh('touch output/b.jpg output/input.jpg', {
      ...film,
      outputs: ['{stem}.jpg'],
    });
    expect(code).toBe('OutputNotAllowed');
    expect(error?.message).toContain('Both output/b.jpg and output/input.jpg');
  });

  test('are taken alone, and others are named in the log', async () => {
    const { outputs, lines } = await programs.sh('touch output/b.jpg output/notes', {
      ...film,
      outputs: ['{stem}.jpg'],
    });
    expect(outputs).toEqual({ 'stem.jpg': '' });
    expect(lines).toEqual(['No output of the workload is called notes: left out.']);
  });

  test('of a source with another suffix are not made', async () => {
    const { code } = await programs.sh('true', { ...two, key: 'a/b.mp4' });
    expect(code).toBe('UnexpectedSource');
  });
});

test('a cache header is set on each output', async () => {
  const { given } = await programs.run(
    { argv: ['touch', 'output/x'], outputs: 'any' },
    { cacheControl: 'max-age=60' },
  );
  expect(given).toEqual([expect.objectContaining({ name: 'x', cacheControl: 'max-age=60' })]);
});

/** A shell script that makes folders in each other, and a file in the last. */
function deep(folders: number): string {
  return `${'mkdir "$d"; cd "$d"; '.repeat(folders)}touch x`;
}
