import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fakePipeline, PATH } from '../../test/fakes/cli/fake-pipeline';
import { tryCommand } from '../../test/fakes/cli/fake-session';
import type { DeliveryRun } from '../ports/account';

const URL =
  'https://eu-central-1.console.aws.amazon.com/codesuite/codepipeline/pipelines/spillway-dev-delivery/view';
const outputs = { source_archive: 's3://code/source.zip', pipeline_url: URL };
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const source = { name: 'Source Source', status: 'Succeeded' };
const built = { name: 'Build BuildArm64', status: 'Succeeded' };
const failed = { ...built, status: 'Failed', error: 'exit status 1', url: 'https://log' };
const answersUnknown = Object.assign(new Error('UnknownError'), {
  name: 'Unknown',
  $fault: 'server',
});
const deployed = { name: 'Deploy Deploy', status: 'Succeeded' };

describe('spillway deliver', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-deliver-'));
    await writeFile(join(folder, 'source.zip'), 'zip');
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** @param runs - what CodePipeline says, one look after the other. */
  async function deliver(
    runs: readonly (DeliveryRun | Error | undefined)[],
    more: object = {},
    words = '',
  ) {
    const { account, buckets, values } = fakePipeline();
    const left = [...runs];
    const asked: string[] = [];
    const { look } = buckets;
    buckets.look = async (place, key) => {
      const there = await look(place, key);
      return there && { ...there, versionId: 'v7' };
    };
    const runOf = async (pipeline: string, version: string) => {
      asked.push(`${pipeline} ${version}`);
      const told = left.length > 1 ? left.shift() : left[0];
      if (told instanceof Error) throw told;
      return told;
    };
    values.set(
      `${PATH}delivery/outcome`,
      JSON.stringify({ result: 'promoted', at: '2026-01-10T12:00:00Z', revision: 'worker:7' }),
    );
    const archive = { path: join(folder, 'source.zip'), bytes: 3, commit: COMMIT, uncommitted: 0 };
    const surroundings = {
      account: { ...account, deliveries: { runOf } },
      outputs,
      archive,
      ...more,
    };
    const told = await tryCommand(`deliver ${words}`.trim(), surroundings);
    return { ...told, asked, buckets, values };
  }

  test('uploads the archive, and reports each change of the run of its version', async () => {
    const { text, warnings, error, asked, buckets } = await deliver([
      undefined,
      { status: 'InProgress', actions: [source] },
      { status: 'InProgress', actions: [source, { ...built, status: 'InProgress' }] },
      { status: 'InProgress', actions: [source, { ...built, status: 'InProgress' }] },
      { status: 'Succeeded', actions: [source, built, deployed] },
    ]);
    expect(error).toBeUndefined();
    expect(buckets.objects.text('code/source.zip')).toBe('zip');
    expect(asked[0]).toBe('spillway-dev-delivery v7');
    expect(warnings).toBe('0123456789ab is uploaded.');
    expect(text.split('\n')).toEqual([
      '12:00:05Z Source Source: Succeeded',
      '12:00:10Z Build BuildArm64: InProgress',
      '12:00:20Z Build BuildArm64: Succeeded',
      '12:00:20Z Deploy Deploy: Succeeded',
      'photos: promoted worker:7',
    ]);
  });

  test('says what stays behind', async () => {
    const archive = { path: join(folder, 'source.zip'), bytes: 3, commit: COMMIT, uncommitted: 2 };
    const { warnings } = await deliver([{ status: 'Succeeded', actions: [] }], { archive });
    expect(warnings).toContain('2 files are not as committed: only 0123456789ab is delivered.');
  });

  test('fails with the failed action and its log, not with an earlier outcome', async () => {
    const { text, error } = await deliver([{ status: 'Failed', actions: [source, failed] }]);
    expect(error).toMatchObject({
      name: 'RefusalError',
      message:
        '0123456789ab is not promoted: Build BuildArm64 failed (exit status 1); https://log ' +
        'shows its log.',
    });
    expect(text).not.toContain('photos:');
  });

  test('says why a canary was refused', async () => {
    const refusing = deliver([
      { status: 'Failed', actions: [source, built, { ...deployed, status: 'Failed' }] },
    ]);
    const { text, error } = await refusing;
    expect(text).toContain('photos: promoted');
    expect(String(error)).toContain(`Deploy Deploy failed; ${URL} shows its log.`);
  });

  test('fails when another run takes its place, and when none starts', async () => {
    const superseded = await deliver([{ status: 'Superseded', actions: [source] }]);
    expect(String(superseded.error)).toContain('the run ended as Superseded');
    const { error, asked } = await deliver([undefined]);
    expect(String(error)).toContain('spillway-dev-delivery has not started within three minutes');
    expect(asked.length).toBeGreaterThan(30);
  });

  test('says where to look when CodePipeline does not tell', async () => {
    const { error, warnings } = await deliver([answersUnknown]);
    expect(warnings).toBe('0123456789ab is uploaded.');
    expect(error).toMatchObject({
      name: 'RefusalError',
      message:
        `it is delivered, but cannot be followed: AWS answers Unknown: UnknownError. ${URL} ` +
        'shows it.',
    });
  });

  test('ends its look, not the delivery, at a request to stop', async () => {
    const asked = new AbortController();
    const onSleep = () => asked.abort();
    const { error } = await deliver([undefined], { stop: asked.signal, onSleep });
    expect(error).toMatchObject({
      name: 'InterruptError',
      message: `stopped looking; the delivery continues: ${URL}`,
    });
  });

  test('prints one JSON document', async () => {
    const { text } = await deliver(
      [{ status: 'Succeeded', actions: [source, built, deployed] }],
      {},
      '--json',
    );
    expect(JSON.parse(text)).toMatchObject({
      commit: COMMIT,
      status: 'Succeeded',
      outcomes: [{ pipeline: 'photos', result: 'promoted', revision: 'worker:7' }],
    });
  });

  test.each([
    [
      'connection',
      { source: 'connection', repository: 'a/b' },
      'listens to a repository: push to main',
    ],
    ['none', { source: 'none' }, 'has no source'],
  ] as const)(
    'fails where the source is %s, and says what to do',
    async (_source, delivery, sentence) => {
      const blueprint = { environments: { dev: { region: 'eu-central-1', delivery } } };
      const { error } = await deliver([], { blueprint });
      expect(error).toMatchObject({
        name: 'RefusalError',
        message: expect.stringContaining(sentence),
      });
    },
  );
});
