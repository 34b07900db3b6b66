import { programVariables } from '../../../application-code/command/environment';
import { WORKER_VARIABLES } from '../../../application-code/worker/src/settings';
import { dev, faultsOf, photos } from '../../../test/fakes/stacks/broken-blueprint';

/** A program. A job takes two CPUs and 4,000 MiB. */
jest.mock('../../../application-code/workloads', () => {
  const { COMMAND_SETTINGS } = jest.requireActual(
    '../../../application-code/command/command-recipe',
  );
  return jest.requireActual('../../../test/fakes/stacks/further-workloads').withWorkloads({
    render: {
      default: {},
      parse: JSON.parse,
      outputs: () => 'manifest',
      jobSize: { cpus: 2, memoryMiB: 4_000 },
      settings: COMMAND_SETTINGS,
      processVariables: { RENDER_THREADS: '2' },
      faults: {},
    },
  });
});

const P = 'environments.dev.pipelines.photos';
const PARAMETER = 'arn:aws:ssm:us-east-1:123456789012:parameter/key';
const KEY = 'arn:aws:kms:us-east-1:123456789012:key/01234567-89ab';
const TAKEN =
  'must have names that neither the engine nor a job has (AWS_…, ECS_…, JOB_…, SOURCE_…, NODE_…, ' +
  'UV_…, LD_…, MALLOC_… and the variables of the settings), but';
/** What the command's factory tells a program. */
const OF_JOBS = Object.keys(
  programVariables(
    {},
    {
      source: { bucket: '', key: '', etag: '', bytes: 0 },
      context: { id: '', attempt: 1, maxAttempts: 8, sentAt: new Date(0) },
      folder: { path: '/scratch/job' } as never,
      recipe: {},
      cpus: 1,
      memoryMiB: 1,
    },
  ),
);
const RENDER = { workload: 'render', image: 'example.com/render:1' };
const render = (settings: object = {}) =>
  photos({ ...RENDER, cpuUnits: 2_048, memoryMiB: 5_120, ...settings });
const inEndpoints = (arn: string) =>
  dev({ network: { egress: 'endpoints' }, pipelines: { photos: { secrets: { KEY: arn } } } });
const reading = (name: string) => ({
  actions: ['s3:GetObject'],
  resources: [`arn:aws:s3:::models/${name}`],
});

describe('settings that do not go together with a workload', () => {
  /** A rule's subject, a blueprint that it refuses with the sentence, and a right neighbour. */
  test.each<[string, unknown, string, unknown]>([
    [
      'a variable has a name that every program can read',
      photos({ environment: { 'a-b': '1', '2': '1', good_1: '1' } }),
      `${P}.environment must have names of 1 to 128 letters, digits and underscores that do not ` +
        'begin with a digit, but "2", "a-b" was given',
      photos({ environment: { _: '1', ['x'.repeat(128)]: '1' } }),
    ],
    [
      'a secret has a name that every program can read',
      photos({ secrets: { '': PARAMETER } }),
      `${P}.secrets must have names of 1 to 128 letters, digits and underscores that do not ` +
        'begin with a digit, but "" was given',
      photos({ secrets: { API_KEY: PARAMETER } }),
    ],
    [
      'a variable hides none of the engine or a job',
      photos({ environment: { QUEUE_URL: '1', JOB_ID: '1', S3_KEY: '1', MAX_SOURCE_PIXELS: '1' } }),
      `${P}.environment ${TAKEN} "QUEUE_URL", "JOB_ID", "S3_KEY", "MAX_SOURCE_PIXELS" was given; ` +
        'choose another name',
      photos({ environment: { QUEUE: '1', JOBS: '1', S3_ENDPOINT: '1' } }),
    ],
    [
      'a secret hides none of the SDK, the runtime or the allocator',
      photos({
        secrets: { AWS_PROFILE: PARAMETER, NODE_OPTIONS: PARAMETER, LD_PRELOAD: PARAMETER },
      }),
      `${P}.secrets ${TAKEN} "AWS_PROFILE", "NODE_OPTIONS", "LD_PRELOAD" was given; choose ` +
        'another name',
      photos({ secrets: { PROFILE: PARAMETER } }),
    ],
    [
      'a variable hides none with which the image runs',
      render({ environment: { RENDER_THREADS: '8', MAX_SOURCE_PIXELS: '1' } }),
      `${P}.environment ${TAKEN} "RENDER_THREADS" was given; choose another name`,
      render({ environment: { MAX_SOURCE_PIXELS: '1' } }),
    ],
    [
      'a variable has one value',
      photos({ environment: { A: '1', B: '1' }, secrets: { B: PARAMETER } }),
      `${P}.secrets must have other names than environment, but "B" is in both; leave it out of ` +
        'one of them',
      photos({ environment: { A: '1' }, secrets: { B: PARAMETER } }),
    ],
    [
      'a task definition has room for the variables',
      render({ recipe: { text: 'x'.repeat(32_744) } }),
      `${P}.environment, secrets and recipe must together have at most 32768 characters as JSON, ` +
        'for which a task definition has room, but they have 32769; have the program read the ' +
        'rest from a file',
      render({ recipe: { text: 'x'.repeat(32_743) } }),
    ],
    [
      'a secret can be reached from a network without a way out',
      inEndpoints(PARAMETER.replace('us-east-1', 'eu-west-1')),
      `${P}.secrets must lie in us-east-1 with network.egress \`endpoints\`, which lead to no ` +
        'other region, but arn:aws:ssm:eu-west-1:123456789012:parameter/key was given',
      inEndpoints(PARAMETER),
    ],
    [
      'a key of secrets is for secrets',
      photos({ secretKeyArns: [KEY] }),
      `${P}.secretKeyArns must be left out without secrets, but ${KEY} was given`,
      photos({ secretKeyArns: [KEY], secrets: { API_KEY: PARAMETER } }),
    ],
    [
      'the policy of a role has room for the permissions',
      photos({ permissions: Array.from({ length: 6 }, (_, i) => reading(`${i}`.repeat(772))) }),
      `${P}.permissions must have at most 5120 characters as JSON, for which the policy of a ` +
        'role has room, but they have 5125; name a folder by its ARN and `/*` instead of each file',
      photos({ permissions: Array.from({ length: 6 }, (_, i) => reading(`${i}`.repeat(771))) }),
    ],
    [
      'a program uses permissions by credentials',
      render({ permissions: [reading('a')] }),
      `${P}.credentials must be true with permissions, since the program of render gets no ` +
        'credentials otherwise; set it, or leave permissions out',
      render({ permissions: [reading('a')], credentials: true }),
    ],
    [
      'the delivery builds the image of a Dockerfile',
      render({ image: null }),
      `${P}.workload must have a Dockerfile, of which the delivery builds its image, but there ` +
        'is no application-code/render/Dockerfile; add one, or give the pipeline an image',
      dev({
        delivery: { source: 'none' },
        pipelines: { photos: { ...RENDER, image: null, cpuUnits: 2_048, memoryMiB: 5_120 } },
      }),
    ],
    [
      'a task has the CPUs that a job takes',
      render({ cpuUnits: 1_024 }),
      `${P}.cpuUnits must be at least 2048 for a job of render, which takes 2 CPUs, but 1024 was ` +
        'given; raise it, or change the size of a job in application-code/render/recipe.ts',
      render(),
    ],
    [
      'a task has the memory that a job takes beside the engine',
      render({ memoryMiB: 4_096 }),
      `${P}.memoryMiB must be at least 4128 for a job of render, which takes 4000 MiB beside the ` +
        '128 of the engine, but 4096 was given; raise it, or change the size of a job in ' +
        'application-code/render/recipe.ts',
      render(),
    ],
  ])('%s', (_, broken, sentence, right) => {
    expect(faultsOf(broken)).toEqual([sentence]);
    expect(faultsOf(right)).toEqual([]);
  });

  test.each([...Object.values(WORKER_VARIABLES).map(({ variable }) => variable), ...OF_JOBS])(
    'no variable hides %s of the engine or a job',
    (name) => {
      expect(faultsOf(photos({ environment: { [name]: '1' } }))).toEqual([
        expect.stringContaining(`but "${name}" was given`),
      ]);
    },
  );
});
