import { fakeDataset } from '../../../test/fakes/cli/fake-dataset';
import { fakePipeline } from '../../../test/fakes/cli/fake-pipeline';
import { runCommand, tryCommand } from '../../../test/fakes/cli/fake-session';

const pictures = (...keys: readonly string[]) =>
  keys.map((key) => ({ key, body: `of ${key}`, label: key.slice(0, 1) }));

function begin() {
  const fake = fakeDataset();
  fake.world.addPart(pictures('a1', 'a2', 'b1', 'b2'));
  return fake;
}

/** What the command asked a task to do. */
const requestOf = ({ cluster }: ReturnType<typeof fakeDataset>) =>
  JSON.parse(cluster.launches[0]?.command[1] ?? 'null');

describe('spillway dataset finish', () => {
  test('runs a task with the role of the dataset and waits for its result', async () => {
    const fake = begin();
    const { text, shown } = await runCommand('dataset finish', fake);
    expect(fake.cluster.launches).toEqual([
      {
        cluster: 'spillway-dev',
        revision: 'spillway-dev-photos-worker:5',
        taskRoleArn: 'arn:aws:iam::123456789012:role/spillway-dev-photos-dataset',
        command: ['--dataset', expect.any(String)],
        subnetIds: expect.any(Array),
        securityGroupIds: expect.any(Array),
        assignPublicIp: expect.any(Boolean),
      },
    ]);
    expect(requestOf(fake)).toEqual({
      request: { action: 'finish', samplesPerShard: 3 },
      suffixes: expect.any(Array),
    });
    expect(shown).toEqual(['1 of 2 shards written']);
    expect(text).toMatch(
      /^Generation 1 is the dataset: 4 samples in 2 shards \(.*\), 2 of them new.\n {2}2 classes/,
    );
  });

  test('asks for what its options say', async () => {
    const fake = begin();
    await runCommand(
      'dataset finish --samples 2 --shuffle 7 --splits train=0.5,test=0.5 --split-by ratio ' +
        '--without-deleted --near-duplicates 4 --remove-parts --recipe aaaaaaaaaaaa',
      fake,
    );
    expect(requestOf(fake).request).toEqual({
      action: 'finish',
      samplesPerShard: 2,
      seed: '7',
      splits: {
        by: 'ratio',
        splits: [
          { name: 'train', share: 0.5 },
          { name: 'test', share: 0.5 },
        ],
      },
      ...{ withoutDeleted: true, nearDuplicates: 4, removeParts: true, recipe: 'aaaaaaaaaaaa' },
    });
    expect(fake.world.destination.keys('processed/parts/')).toEqual([]);
  });

  test('does it on this machine, without a task, and names sources without a sample', async () => {
    const fake = begin();
    fake.world.upload('late', 'late');
    const { text, warnings } = await runCommand('dataset finish --local --shuffle', fake);
    expect(fake.cluster.launches).toEqual([]);
    expect(warnings).toContain('no sample: late');
    expect(text).toContain('  1 source without a sample of its newest version (late): they wait,');
    const again = await runCommand('dataset finish --local --shuffle --json', fake);
    expect(JSON.parse(again.text)).toMatchObject({
      ...{ environment: 'dev', pipeline: 'photos', event: 'dataset-finished' },
      ...{ generation: 1, isNew: false, counts: { samples: 4, lacking: 1 } },
    });
  });

  test.each([
    ['dataset finish --splits train=0.8', '--splits must be names with shares that add up to 1'],
    ['dataset finish --near-duplicates 12', 'It must be a whole number from 0 to 11.'],
    ['dataset finish --samples 0', 'It must be a whole number from 1 to 100000.'],
    ['dataset finish --recipe new', 'It must be 12 hexadecimal digits'],
    ['dataset finish --split-by name', 'Allowed choices are hash, ratio.'],
  ])('%s is refused before anything is started', async (line, because) => {
    const fake = begin();
    const { error } = await tryCommand(line, fake);
    expect((error as Error).message).toContain(because);
    expect(fake.cluster.launches).toEqual([]);
  });

  test('fails with what the task said', async () => {
    const fake = begin();
    fake.cluster.run = async () => {
      fake.cluster.lines.push('{"event":"dataset-failed","message":"there are no parts."}');
    };
    const { error } = await tryCommand('dataset finish', fake);
    expect((error as Error).message).toBe('there are no parts.');
  });

  test('fails with the last line of a task that ended without a result', async () => {
    const fake = begin();
    fake.cluster.exitCode = 137;
    fake.cluster.run = async () => {
      fake.cluster.lines.push('Killed');
    };
    const { error } = await tryCommand('dataset finish', fake);
    expect((error as Error).message).toMatch(
      /0123abcd ended with code 137 and said no result; its last line: Killed. What it has written/,
    );
  });

  test('fails when ECS starts no task', async () => {
    const fake = begin();
    fake.cluster.refusal = 'RESOURCE:ENI';
    const { error } = await tryCommand('dataset finish', fake);
    expect((error as Error).message).toContain(
      'ECS started no task (RESOURCE:ENI): try again in a minute',
    );
  });

  test('says on Ctrl-C that the task continues', async () => {
    const fake = begin();
    const { error } = await tryCommand('dataset finish', { ...fake, stop: AbortSignal.abort() });
    expect((error as Error).message).toContain(
      '0123abcd continues. `npx spillway dataset status -e dev',
    );
  });

  test('needs a pipeline whose destination is shards', async () => {
    const { error } = await tryCommand('dataset finish', fakePipeline());
    expect((error as Error).message).toContain(
      'photos writes an object for each output, and so has no data',
    );
  });
});

describe('spillway dataset verify', () => {
  test('says how much was read, or fails with what is wrong', async () => {
    const fake = begin();
    await fake.world.finish();
    const good = await runCommand('dataset verify', fake);
    expect(good.text).toContain(
      'Nothing is wrong with generation 1: 4 samples in 2 shards, 12 files',
    );
    fake.world.destination.delete('processed/shards/0001/dataset-000001.tar');
    const { text, error } = await tryCommand('dataset verify --local', fake);
    expect(text).toMatch(
      /^1 problem in generation 1: .*\n {2}shards\/0001\/dataset-000001.tar cannot/,
    );
    expect((error as Error).message).toMatch(/^the dataset has 1 problem. Restore/);
  });
});

describe('spillway dataset list', () => {
  test('prints the address of each shard, or of those of a split', async () => {
    const fake = begin();
    await fake.world.finish();
    const { text } = await runCommand('dataset list', fake);
    expect(text.split('\n')).toEqual([
      's3://destination/processed/shards/0001/dataset-000000.tar',
      's3://destination/processed/shards/0001/dataset-000001.tar',
    ]);
    const { error } = await tryCommand('dataset list --split train', fake);
    expect((error as Error).message).toBe('--split must be one of dataset, but train was given.');
    const json = await runCommand('dataset list --split dataset --json', fake);
    expect(JSON.parse(json.text).shards[0]).toMatchObject({
      url: 's3://destination/processed/shards/0001/dataset-000000.tar',
      samples: 3,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  test('fails before there is a dataset', async () => {
    const { error } = await tryCommand('dataset list', begin());
    expect((error as Error).message).toMatch(
      /^there is no dataset yet: `npx spillway dataset finish -e dev/,
    );
  });
});

describe('spillway dataset status', () => {
  test('shows the last generation and the parts that wait, by recipe', async () => {
    const fake = begin();
    await fake.world.finish();
    fake.world.addPart(pictures('c1'));
    fake.world.addPart(pictures('c2'), 'bbbbbbbbbbbb');
    const { text } = await runCommand('dataset status', fake);
    expect(text.split('\n')).toEqual([
      'photos in dev (eu-central-1)',
      '',
      expect.stringMatching(/^dataset {2}generation 1, [\d,]+ days ago$/),
      expect.stringMatching(/^ {9}4 samples in 2 shards, \d+\.\d KiB, recipe aaaaaaaaaaaa$/),
      expect.stringMatching(/^waiting {2}1 part of recipe aaaaaaaaaaaa: 1 sample, .* opened /),
      expect.stringMatching(/^ {9}1 part of recipe bbbbbbbbbbbb: 1 sample, .* opened /),
      'parts    1 part that the dataset has: --remove-parts removes them',
      '',
      '`npx spillway dataset finish -e dev -p photos` takes the parts that wait.',
      'They are of several recipes: finish says which sources have only an older one.',
    ]);
    const json = await runCommand('dataset status --json', fake);
    expect(JSON.parse(json.text)).toMatchObject({ pipeline: 'photos', removable: 1 });
  });

  test('says that there is nothing yet', async () => {
    const { text } = await runCommand('dataset status', fakeDataset());
    expect(text).toContain('dataset  none yet\nwaiting  no part');
  });
});
