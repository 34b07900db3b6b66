import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_RECIPE } from '../../application-code/images/recipe';
import { readEnvironment } from '../../application-code/worker/src/environment';
import { DEFAULT_WORKLOAD, recipeOf } from '../../application-code/workloads';
import { ConfigError } from './blueprint-config';
import { loadBlueprint, resolveBlueprint } from './load-config';
import { DEFAULT_PIPELINE } from './schema';

const folder = mkdtempSync(join(tmpdir(), 'blueprint-'));
afterAll(() => rmSync(folder, { recursive: true }));

function written(name: string, source: string): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

function faultsOfFile(file: string): readonly string[] {
  try {
    return loadBlueprint(file).map(({ name }) => name);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** Settings of a pipeline that the worker's environment holds by the same name. */
const ENGINE_SETTINGS = [
  ...(['sourcePrefix', 'recipe', 'logLevel'] as const),
  ...(['visibilityTimeoutSeconds', 'maxSourceBytes'] as const),
];

describe('the configuration of a checkout', () => {
  test('is right, and its first environment is `dev` with every default', () => {
    const [first] = loadBlueprint();
    expect(first).toEqual(resolveBlueprint({ environments: { dev: {} } })[0]);
  });

  test('has examples that are right', () => {
    const file = join(__dirname, '../../examples/blueprint.config.ts');
    expect(faultsOfFile(file).join(', ')).toBe(
      'default, nat, endpoints, existing, two, own-key, hardened',
    );
  });
});

describe('a file of the user', () => {
  test('is taken with the types of TypeScript', () => {
    const source = 'export const blueprint: object = { environments: { mine: {} } };';
    expect(faultsOfFile(written('right.ts', source))).toEqual(['mine']);
  });

  test('fails when it is not there', () => {
    expect(faultsOfFile(join(folder, 'missing.ts'))).toEqual([
      expect.stringMatching(
        /^the configuration .*missing\.ts does not exist; BLUEPRINT_CONFIG names another file$/,
      ),
    ]);
  });

  test('fails when it exports no blueprint', () => {
    expect(faultsOfFile(written('empty.ts', 'export const plan = {};'))).toEqual([
      expect.stringMatching(
        /empty\.ts must export `blueprint`, such as `export const blueprint = /,
      ),
    ]);
  });

  test('fails in one line when it cannot be parsed', () => {
    const [fault, ...more] = faultsOfFile(written('broken.ts', 'export const blueprint = {;'));
    expect(fault).toMatch(/broken\.ts could not be read: \S/);
    expect(fault).not.toContain('\n');
    expect(more).toEqual([]);
  });

  test('fails with its own words when it throws', () => {
    expect(faultsOfFile(written('throws.ts', "throw new Error('no account is set');"))).toEqual([
      expect.stringMatching(/throws\.ts could not be read: no account is set$/),
    ]);
  });

  test('fails with all of its faults', () => {
    const file = written(
      'wrong.ts',
      "export const blueprint = { environments: { a: { region: 'x', tag: 1 } } };",
    );
    expect(() => loadBlueprint(file)).toThrow(
      /^environments\.a\.region must be .*\n`tag` is not a setting of /,
    );
  });
});

describe('what is left out', () => {
  test('has the defaults, one by one', () => {
    expect(resolveBlueprint({ environments: { dev: {} } })).toEqual([
      {
        blueprint: 'spillway',
        name: 'dev',
        region: 'us-east-1',
        allowedAccountIds: [],
        tags: {},
        network: {
          vpcId: null,
          subnetIds: [],
          assignPublicIp: false,
          cidr: '10.42.0.0/16',
          availabilityZones: 2,
          egress: 'public-ip',
          flowLogs: false,
          privateDnsNamespace: null,
        },
        cluster: { existing: null, containerInsights: 'off' },
        pipelines: {
          photos: {
            existingSourceBucket: null,
            existingDestinationBucket: null,
            sourcePrefix: 'ecsproc/',
            suffixes: [],
            destination: { kind: 'objects' },
            destinationPrefix: 'processed/',
            recipe: DEFAULT_RECIPE,
            image: null,
            cpuUnits: 1024,
            memoryMiB: 2048,
            ephemeralStorageGiB: 20,
            logMode: 'non-blocking',
            logBufferMiB: 25,
            architecture: 'arm64',
            maxTasks: 10,
            minTasks: 0,
            jobsPerTask: 100,
            scaling: { policy: 'jobs-per-task', jobsPerTask: null },
            onDemandBase: 2,
            onDemandWeight: 1,
            spotWeight: 4,
            jobConcurrency: 0,
            visibilityTimeoutSeconds: 120,
            jobTimeoutSeconds: 120,
            maxAttempts: 8,
            maxInterruptions: 20,
            retentionDays: 10,
            idleExitSeconds: 20,
            maxTaskSeconds: 3600,
            drainDeadlineSeconds: 100,
            maxSourceBytes: 268_435_456,
            maxSourcePixels: 100_000_000,
            perceptualHash: false,
            schedule: 'rate(1 minute)',
            launch: 'scaler',
            ...{ wake: 'schedule', wakeTasks: 1 },
            workload: 'images',
            ...{ environment: {}, secrets: {}, secretKeyArns: [], permissions: [] },
            failOn: 'error',
            logLevel: 'info',
            awsClient: 'lean',
          },
        },
        buckets: {
          shared: false,
          versioning: false,
          expireSourcesAfterDays: null,
          expireRenditionsAfterDays: null,
          forceDestroy: false,
        },
        logRetentionDays: 30,
        alarms: {
          enabled: true,
          topicArn: null,
          emails: [],
          oldestMessageMinutes: 60,
          idleBacklogMinutes: 15,
        },
        scaler: { reservedConcurrency: null, tracing: false },
        delivery: {
          source: 's3',
          repository: null,
          branch: 'main',
          paths: [
            'application-code/**',
            'dataset/**',
            'text/**',
            'buildspec.yml',
            'build.mjs',
            'package*.json',
            'tsconfig.json',
            '.dockerignore',
          ],
          connectionArn: null,
          provider: 'GitHub',
          keptImages: 30,
          keptRevisions: 10,
          canaryTimeoutMinutes: null,
          sbom: false,
          emails: [],
        },
        permissionsBoundaryArn: null,
        encryption: 'aws-managed',
        backend: null,
      },
    ]);
  });

  test('is what stands beside a given setting, in a group too, and what is undefined', () => {
    const [dev] = resolveBlueprint({
      name: 'mine',
      environments: {
        dev: {
          network: { egress: 'nat' },
          pipelines: { scans: { maxTasks: 3, existingSourceBucket: { name: 'company' } } },
          ...({ region: undefined } as object),
        },
      },
    });
    expect(dev).toMatchObject({
      blueprint: 'mine',
      region: 'us-east-1',
      network: { egress: 'nat', availabilityZones: 2 },
      pipelines: {
        scans: {
          maxTasks: 3,
          jobsPerTask: 100,
          existingSourceBucket: { name: 'company', kmsKeyArn: null },
        },
      },
    });
  });

  test('is the same for the worker, which declares it', () => {
    const { settings, ...engine } = readEnvironment(
      { name: DEFAULT_WORKLOAD, recipe: recipeOf(DEFAULT_WORKLOAD) },
      {
        QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/work',
        DEAD_LETTER_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/123456789012/dead',
        SOURCE_BUCKET: 'a',
        DESTINATION_BUCKET: 'b',
      },
    );
    expect(DEFAULT_PIPELINE).toMatchObject(settings);
    for (const name of ENGINE_SETTINGS) expect(engine[name]).toEqual(DEFAULT_PIPELINE[name]);
  });
});
