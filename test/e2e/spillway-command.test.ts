import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ECR } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { SSM } from '@aws-sdk/client-ssm';
import { REVISION_TAGS } from '../../contract/delivery';
import { imageNames, pipelineNames } from '../../contract/names';
import { containerDefinition } from '../../contract/task-definition';
import { startEmulator } from '../../local/emulator/start-emulator';
import { awsEnvironment, LOCAL_CREDENTIALS } from '../../local/environment';
import type { Emulator } from '../../local/ports';
import { spillway as run } from './spillway-child';

const REGION = 'eu-central-1';
const { repository } = imageNames({ blueprint: 'spillway', name: 'dev' }, 'images');
const names = pipelineNames({ blueprint: 'spillway', environment: 'dev', pipeline: 'photos' });
const PARAMETER = `${names.parameterPath}task-definition`;
const BLUEPRINT = `export const blueprint = { environments: {
  dev: { region: '${REGION}' },
  prod: { region: '${REGION}', pipelines: { photos: { image: 'example/worker:1' } } },
  far: { region: '${REGION}' },
} };`;

describe('spillway', () => {
  let emulator: Emulator;
  let folder: string;
  let ecs: ECS;
  let ssm: SSM;
  let ecr: ECR;

  beforeAll(async () => {
    emulator = await startEmulator();
    const access = { endpoint: emulator.endpoint, region: REGION, credentials: LOCAL_CREDENTIALS };
    [ecs, ssm, ecr] = [new ECS(access), new SSM(access), new ECR(access)];
    folder = await mkdtemp(join(tmpdir(), 'spillway-command-'));
    await writeFile(join(folder, 'blueprint.ts'), BLUEPRINT);
    await ecr.createRepository({ repositoryName: repository });
    for (let number = 1; number <= 6; number += 1) await release(number);
    // Two are deployed: neither is the only one.
    await put('/spillway/far/photos/enabled', 'configured');
    // The last one stays a candidate.
    for (let number = 1; number <= 5; number += 1)
      await put(PARAMETER, `${names.taskFamily}:${number}`);
    const at = new Date(Date.now() - 3 * 3_600_000).toISOString();
    const why = { revision: `${names.taskFamily}:6`, reason: 'The canary ended with exit code 1.' };
    await put(`${names.deliveryPath}outcome`, JSON.stringify({ result: 'refused', at, ...why }));
    await put(`${names.parameterPath}recipe`, 'none');
    await ecs.deregisterTaskDefinition({ taskDefinition: `${names.taskFamily}:2` });
    await ecr.batchDeleteImage({
      repositoryName: repository,
      imageIds: [{ imageDigest: digests[2] ?? '' }],
    });
  }, 60_000);

  afterAll(async () => {
    for (const client of [ecs, ssm, ecr]) client.destroy();
    await emulator.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** By revision, from 1 on. */
  const digests: string[] = [];
  async function release(number: number): Promise<void> {
    const { image } = await ecr.putImage({
      repositoryName: repository,
      imageManifest: `{"number":${number}}`,
      imageTag: `arm64-${number}`,
    });
    const digest = String(image?.imageId?.imageDigest);
    digests.push(digest);
    await ecs.registerTaskDefinition({
      family: names.taskFamily,
      containerDefinitions: [
        containerDefinition({
          image: `123456789012.dkr.ecr.${REGION}.amazonaws.com/${repository}@${digest}`,
          variables: {},
        }),
      ],
      tags: [{ key: REVISION_TAGS.commit, value: `c0ffee${number}` }],
    });
  }

  const put = (Name: string, Value: string) =>
    ssm.putParameter({ Name, Value, Type: 'String', Overwrite: true });
  const promoted = async () => (await ssm.getParameter({ Name: PARAMETER })).Parameter?.Value;

  const spillway = (line: string) =>
    run(line.split(' '), {
      TMPDIR: folder,
      BLUEPRINT_CONFIG: join(folder, 'blueprint.ts'),
      ...awsEnvironment(emulator.endpoint),
    });

  test(
    'revisions lists what can run, marks the promoted one and tells how the last ' +
      'delivery went',
    async () => {
      const { code, out, err } = await spillway('revisions -e dev');
      expect({ code, err }).toEqual({ code: 0, err: '' });
      const short = (index: number) => digests[index]?.slice('sha256:'.length).slice(0, 12);
      expect(out).toMatch(new RegExp(`^\\*  5 +${short(4)}  c0ffee5 `, 'm'));
      expect(out).toMatch(new RegExp(`^   1 +${short(0)}  c0ffee1 `, 'm'));
      expect(out).toMatch(
        /^ {3}6 .* never promoted\n\* {2}5 .* promoted\n {3}4 .* promoted before$/m,
      );
      expect(out).not.toMatch(/^ +2 /m);
      expect(out).toContain('refused, 3 hours ago. The canary ended with exit code 1.');
      expect(out).not.toContain('\u001b');
    },
  );

  test('revisions prints one JSON document and nothing else', async () => {
    const { code, out, err } = await spillway('revisions -e dev --json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { revisions, outcome } = JSON.parse(out);
    expect(revisions.map(({ revision }: { revision: number }) => revision)).toEqual([
      6, 5, 4, 3, 1,
    ]);
    expect(revisions[1]).toMatchObject({
      promoted: true,
      imageDigest: digests[4],
      commit: 'c0ffee5',
    });
    expect(revisions[2].promotedBefore).toBe(true);
    expect(outcome).toMatchObject({ result: 'refused' });
  });

  test(
    'rollback goes to the revision before the promoted one, and back again as it ' + 'says',
    async () => {
      const dry = await spillway('rollback -e dev --dry-run');
      expect(dry).toMatchObject({ code: 0, err: '' });
      expect(dry.out).toContain(
        `Would promote ${names.taskFamily}:4 instead of ${names.taskFamily}:5.`,
      );
      expect(await promoted()).toBe(`${names.taskFamily}:5`);

      const { code, out } = await spillway('rollback -e dev --yes');
      expect({ code, promoted: await promoted() }).toEqual({
        code: 0,
        promoted: `${names.taskFamily}:4`,
      });
      const undo = /npx spillway (rollback .*)$/m.exec(out)?.[1];
      expect(await spillway(`${undo} --yes --json`)).toMatchObject({ code: 0, err: '' });
      expect(await promoted()).toBe(`${names.taskFamily}:5`);
    },
  );

  test.each([
    [
      'to a deregistered revision',
      'rollback -e dev --yes --to 2',
      1,
      'worker:2 was deregistered. There is: 4, 3, 1 (',
    ],
    [
      'to a revision that never was',
      'rollback -e dev --yes --to 77',
      1,
      'worker:77 does not exist. There is: 4, 3, 1 (',
    ],
    [
      'to a candidate',
      'rollback -e dev --yes --to 6',
      1,
      'worker:6 was never promoted, as far as the last',
    ],
    [
      'to a revision whose image is gone',
      'rollback -e dev --yes --to 3',
      1,
      'is no longer in the repository spillway-dev-worker',
    ],
    ['to the promoted revision', 'rollback -e dev --yes --to 5', 1, 'worker:5 is promoted already'],
    ['without --yes and without a terminal', 'rollback -e dev', 2, 'say --yes to roll back'],
    [
      'of an image that the configuration names',
      'rollback -e prod --yes',
      1,
      'the configuration names the image of photos',
    ],
    [
      'of an environment that is not deployed',
      'rollback -e far --yes',
      1,
      "npx cdktf deploy 'far-*'",
    ],
    ['of an unknown pipeline', 'rollback -e dev -p phots --yes', 2, 'Did you mean photos?'],
    [
      'without saying which environment',
      'rollback --yes',
      2,
      'several environments (dev, prod, far)',
    ],
    ['with an unknown option', 'rollback -e dev --too 4', 2, 'Did you mean --to?'],
  ])('fails on a rollback %s', async (_title, args, exitCode, sentence) => {
    const { code, out, err } = await spillway(args);
    expect({ code, out }).toEqual({ code: exitCode, out: '' });
    expect(err).toMatch(/^spillway: .*\n$/);
    expect(err).toContain(sentence);
    expect(await promoted()).toBe(`${names.taskFamily}:5`);
  });

  test('leaves nothing in the temporary folder', async () => {
    await spillway('revisions -e dev');
    expect(await readdir(folder)).toEqual(['blueprint.ts']);
  });
});
