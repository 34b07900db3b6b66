import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { ECR, PutImageCommand } from '@aws-sdk/client-ecr';
import { ECS } from '@aws-sdk/client-ecs';
import { SSM } from '@aws-sdk/client-ssm';
import { CANARY_PREFIX, type DeliveryTarget, deployerVariables } from '../../contract/delivery';
import { createTaskDefinitions } from '../../deployer/aws/task-definitions';
import { LOCAL_CREDENTIALS } from '../../local/environment';
import { openPipeline, type PipelineUnderTest } from '../emulator/pipeline-under-test';

const root = join(__dirname, '../..');
const REPOSITORY = 'spillway-local-worker';
const URI = `123456789012.dkr.ecr.us-east-1.amazonaws.com/${REPOSITORY}`;

/** The deployer's own bundle against an emulator, with the real worker as the canary's task. */
describe('the deployer', () => {
  let underTest: PipelineUnderTest;
  let ssm: SSM;
  let ecs: ECS;
  let digest: string;

  beforeAll(async () => {
    underTest = await openPipeline();
    const { endpoint, ecsEndpoint, region, parameterPath } = underTest.pipeline;
    const access = { endpoint, region, credentials: LOCAL_CREDENTIALS };
    ssm = new SSM(access);
    ecs = new ECS({ ...access, endpoint: ecsEndpoint });
    digest = await pushImage(new ECR(access));
    await writeTarget({});
    await put(`${parameterPath}task-definition`, 'none');
    await put(`${parameterPath}delivery/outcome`, 'none');
  }, 120_000);

  afterAll(async () => {
    ssm?.destroy();
    ecs?.destroy();
    await underTest?.close();
  });

  async function pushImage(ecr: ECR): Promise<string> {
    await ecr.createRepository({ repositoryName: REPOSITORY });
    const push = new PutImageCommand({
      repositoryName: REPOSITORY,
      imageManifest: '{}',
      imageTag: 'arm64-1',
    });
    const { image } = await ecr.send(push);
    ecr.destroy();
    return String(image?.imageId?.imageDigest);
  }

  const put = (Name: string, Value: string) =>
    ssm.putParameter({ Name, Value, Type: 'String', Overwrite: true });
  const read = async (name: string) => {
    const Name = `${underTest.pipeline.parameterPath}${name}`;
    return (await ssm.getParameter({ Name })).Parameter?.Value ?? '';
  };

  /** What a deploy of the stacks does: a template of what the underTest runs, and its target. */
  async function writeTarget(variables: Readonly<Record<string, string>>): Promise<void> {
    const { pipeline } = underTest;
    const port = createTaskDefinitions(ecs);
    const running = await port.describe(`${pipeline.taskFamily}:1`);
    const [worker] = running?.definition.containerDefinitions ?? [];
    if (!running || !worker) throw new Error('the underTest has no task definition');
    const environment = worker.environment.map(({ name, value }) => ({
      name,
      value: variables[name] ?? value,
    }));
    const containerDefinitions = [{ ...worker, image: `${URI}:none`, environment }];
    const family = `${pipeline.taskFamily}-template`;
    const template = await port.register(
      { ...running.definition, family, containerDefinitions },
      { team: 'a' },
    );
    const queue = async (name: string) => {
      const answer = await underTest.clients.sqs.createQueue({
        QueueName: `${pipeline.taskFamily}-${name}`,
      });
      return answer.QueueUrl ?? '';
    };
    const target: DeliveryTarget = {
      pipeline: 'photos',
      workload: 'images',
      architecture: 'arm64',
      templateRevision: template.arn,
      taskFamily: pipeline.taskFamily,
      cluster: pipeline.cluster,
      subnetIds: ['subnet-local'],
      securityGroupIds: ['sg-local'],
      assignPublicIp: false,
      parameterPath: pipeline.parameterPath,
      sourceBucket: pipeline.sourceBucket,
      destinationBucket: pipeline.destinationBucket,
      accountId: pipeline.accountId,
      canaryQueueUrl: await queue('canary'),
      canaryDeadLetterQueueUrl: await queue('canary-dead-letters'),
      workerLogGroup: '/spillway/local/photos/worker',
      repository: REPOSITORY,
      repositoryUri: URI,
    };
    await put(`${pipeline.parameterPath}delivery/target`, JSON.stringify(target));
  }

  const deploy = (
    variables: Readonly<Record<string, string>> = {},
    onLine?: (child: ChildProcess) => void,
  ) =>
    new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
      const { parameterPath, ecsEndpoint } = underTest.pipeline;
      const settings = deployerVariables({
        deliveryPaths: [`${parameterPath}delivery/`],
        keptRevisions: 3,
        canaryTimeoutMinutes: 1,
      });
      const env = {
        PATH: process.env.PATH,
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        ...underTest.environment,
        AWS_ENDPOINT_URL_ECS: ecsEndpoint,
        ...settings,
        ...variables,
      };
      const child = execFile(
        process.execPath,
        [join(root, 'deployer/dist/main.js')],
        { env },
        (_error, out, err) => resolve({ code: child.exitCode ?? -1, output: out + err }),
      );
      child.stdout?.once('data', () => onLine?.(child));
    });

  const canaryKeys = async () => {
    const { sourceBucket, destinationBucket } = underTest.pipeline;
    const lists = [sourceBucket, destinationBucket].map((Bucket) =>
      underTest.clients.s3.listObjectsV2({ Bucket, Prefix: CANARY_PREFIX }),
    );
    return (await Promise.all(lists)).flatMap(({ Contents = [] }) =>
      Contents.map(({ Key }) => Key),
    );
  };

  test('says that there is no image yet, and ends well', async () => {
    expect(await deploy()).toEqual({
      code: 0,
      output:
        'photos: no image of the workload images yet; the first one comes with its first build\n',
    });
  });

  test('promotes an image whose canary made every rendition, and leaves nothing ' +
    'behind', async () => {
    const { code, output } = await deploy({ IMAGE_DIGEST_ARM64: digest, COMMIT: 'c0ffee' });
    expect(output).toMatch(
      /canary passed in \d+ s: 4 samples, 4 outputs\nphotos: promoted \S+:2\n$/,
    );
    expect(code).toBe(0);
    const promoted = await read('task-definition');
    const described = await ecs.describeTaskDefinition({
      taskDefinition: promoted,
      include: ['TAGS'],
    });
    const [worker] = described.taskDefinition?.containerDefinitions ?? [];
    expect(worker).toMatchObject({
      image: `${URI}@${digest}`,
      readonlyRootFilesystem: true,
      user: '10001:10001',
    });
    expect(described.tags).toContainEqual({ key: 'spillway:commit', value: 'c0ffee' });
    expect(JSON.parse(await read('delivery/outcome'))).toMatchObject({
      result: 'promoted',
      revision: promoted,
    });
    expect(await canaryKeys()).toEqual([]);
  }, 60_000);

  test('refuses a template with which the worker does not start, and the fleet stays', async () => {
    const before = await read('task-definition');
    await writeTarget({ JOB_CONCURRENCY: 'many' });
    const { code, output } = await deploy();
    expect(output).toContain(
      'the worker ended with code 2 (an environment variable that is missing or wrong)',
    );
    expect(code).toBe(1);
    expect(await read('task-definition')).toBe(before);
    expect(JSON.parse(await read('delivery/outcome'))).toMatchObject({ result: 'refused' });
    expect(await canaryKeys()).toEqual([]);
  }, 60_000);

  test('brings another template to the fleet with the image that is current', async () => {
    await writeTarget({ LOG_LEVEL: 'warn' });
    expect(await deploy()).toMatchObject({
      code: 0,
      output: expect.stringContaining('canary passed'),
    });
    expect(await deploy()).toMatchObject({
      code: 0,
      output: expect.stringContaining('nothing to do'),
    });
  }, 60_000);

  test('stops its canary and clears up when it is stopped itself', async () => {
    await writeTarget({ LOG_LEVEL: 'error' });
    const before = await read('task-definition');
    const { code, output } = await deploy({}, (child) =>
      setTimeout(() => child.kill('SIGTERM'), 1_000),
    );
    expect(output).toMatch(
      /refused \S+: the deploy was stopped from outside by SIGTERM before its end\n$/,
    );
    expect(code).toBe(1);
    expect(await read('task-definition')).toBe(before);
    expect(await canaryKeys()).toEqual([]);
  }, 60_000);

  test('fails when the image is in no repository, naming it', async () => {
    const gone = `sha256:${'0'.repeat(64)}`;
    const { code, output } = await deploy({ IMAGE_DIGEST_ARM64: gone });
    expect(output).toContain(`The image ${gone} is not in the ECR repository ${REPOSITORY}`);
    expect(code).toBe(1);
  });

  test('fails when variables are missing, naming all of them', async () => {
    const { code, output } = await deploy({ DELIVERY_PATHS: '', KEPT_REVISIONS: '' });
    expect(output).toMatch(
      /2 of its environment variables must be changed\.\n- DELIVERY_PATHS .*\n- KEPT_REVISIONS /,
    );
    expect(code).toBe(2);
  });
});
