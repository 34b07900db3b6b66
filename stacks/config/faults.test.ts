import fc from 'fast-check';
import { dev, faultsOf, photos } from '../../test/fakes/stacks/broken-blueprint';

const P = 'environments.dev.pipelines.photos';

describe('an unknown setting', () => {
  test.each([
    [photos({ maxTask: 5 }), `\`maxTask\` is not a setting of ${P}; did you mean \`maxTasks\`?`],
    [dev({ Region: 'x' }), '`Region` is not a setting of environments.dev; did you mean `region`?'],
    [
      dev({ network: { egres: 'nat' } }),
      '`egres` is not a setting of environments.dev.network; did you mean `egress`?',
    ],
    [
      { environment: {}, environments: { dev: {} } },
      '`environment` is not a setting of the blueprint; did you mean `environments`?',
    ],
    [
      photos({ existingSourceBucket: { name: 'company', arn: 'x' } }),
      `\`arn\` is not a setting of ${P}.existingSourceBucket; its settings are name, kmsKeyArn`,
    ],
    [
      dev({ scaler: { colour: 'red' } }),
      '`colour` is not a setting of environments.dev.scaler; its settings are ' +
        'reservedConcurrency, tracing',
    ],
    [
      dev({ maxTask: 5 } as never),
      '`maxTask` is not a setting of environments.dev; `maxTasks` belongs to ' +
        'environments.dev.pipelines.photos',
    ],
    [
      photos({ flowLogs: true } as never),
      `\`flowLogs\` is not a setting of ${P}; \`flowLogs\` belongs to environments.dev.network`,
    ],
    [
      photos({ region: 'eu-west-1' } as never),
      `\`region\` is not a setting of ${P}; \`region\` belongs to environments.dev`,
    ],
  ])('fails with what was meant: %j', (blueprint, sentence) => {
    expect(faultsOf(blueprint)).toEqual([sentence]);
  });

  test('fails with a sentence for each of two', () => {
    expect(faultsOf(photos({ maxTask: 5, cpuUnit: 256 }))).toHaveLength(2);
  });
});

describe('what is no blueprint', () => {
  test.each([
    [undefined, 'the blueprint must be an object of settings, but nothing was given'],
    [[], 'the blueprint must be an object of settings, but [] was given'],
    [
      {},
      'environments must be an object with at least one entry such as { dev: {} }, but ' +
        'nothing was given',
    ],
    [
      { environments: {} },
      'environments must be an object with at least one entry such as { dev: {} }, but {} ' +
        'was given',
    ],
    [
      { environments: { dev: null } },
      'environments.dev must be an object of settings, but null was given',
    ],
    [
      dev({ network: 'nat' }),
      'environments.dev.network must be an object of settings, but "nat" was given',
    ],
    [dev({ tags: 'x' }), 'environments.dev.tags must be an object of texts, but "x" was given'],
    [
      dev({ pipelines: {} }),
      'environments.dev.pipelines must be an object with at least one entry such as { ' +
        'photos: {} }, but {} was given',
    ],
    [dev({ pipelines: { photos: 3 } }), `${P} must be an object of settings, but 3 was given`],
    [
      photos({ existingSourceBucket: 'x' }),
      `${P}.existingSourceBucket must be an object of settings, but "x" was given`,
    ],
    [{ name: 7, environments: { dev: {} } }, 'name must be a text, but 7 was given'],
  ])('fails in one sentence: %j', (blueprint, sentence) => {
    expect(faultsOf(blueprint)).toEqual([sentence]);
  });
});

describe('many faults', () => {
  const broken = {
    name: 'Spillway',
    environments: {
      dev: {
        region: 'mars',
        network: { vpcId: 'vpc-01234567', cidr: 'all' },
        pipelines: {
          photos: { maxTasks: -1, maxTask: 1, jobTimeoutSeconds: 43_199 },
          scans: { memoryMiB: 512 },
        },
      },
      prod: { encryption: 'yes', backend: {} },
    },
  };

  test('fail all at once, those of single values and those of several', () => {
    expect(faultsOf(broken).map((fault) => fault.split(' must ')[0])).toEqual([
      'environments.dev.region',
      'environments.dev.network.cidr',
      `${P}.maxTasks`,
      `\`maxTask\` is not a setting of ${P}; did you mean \`maxTasks\`?`,
      'environments.prod.encryption',
      'environments.prod.backend.bucket',
      'environments.prod.backend.region',
      'environments.prod.backend.prefix',
      'the blueprint',
      'environments.dev.network.subnetIds',
      `${P}.jobTimeoutSeconds and visibilityTimeoutSeconds`,
      'environments.dev.pipelines.scans.memoryMiB',
    ]);
  });

  test('fail once each: a rule is silent while one of its own settings is wrong', () => {
    expect(faultsOf(photos({ jobTimeoutSeconds: 43_199, visibilityTimeoutSeconds: 1 }))).toEqual([
      expect.stringContaining(`${P}.visibilityTimeoutSeconds must be a whole number`),
    ]);
    expect(faultsOf(photos({ cpuUnits: 100, memoryMiB: 2048 }))).toHaveLength(1);
    expect(faultsOf(photos({ suffixes: ['.jpg', 'jpg', '*'] }))).toHaveLength(1);
  });
});

test('whatever stands in the place of settings is a list of faults, and no other error', () => {
  const names = fc.constantFrom(
    'network',
    'pipelines',
    'tags',
    'recipe',
    'backend',
    'workload',
    'x',
  );
  const { settings } = fc.letrec((tie) => ({
    settings: fc.oneof(fc.jsonValue(), fc.dictionary(names, tie('settings'))),
  }));
  fc.assert(
    fc.property(settings, (value) => {
      for (const blueprint of [value, { environments: { dev: value } }, photos(Object(value))])
        expect(Array.isArray(faultsOf(blueprint))).toBe(true);
    }),
  );
});
