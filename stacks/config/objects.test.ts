import { PRESETS } from '../../application-code/images/presets';
import type { ScalingPolicy } from '../../lambda/scaler/decision/scaling';
import { dev, faultsOf, photos } from '../../test/fakes/stacks/broken-blueprint';
import { factsOf } from '../../text/setting';
import { SECTIONS } from './configuration-page';
import { DESTINATION_SETTINGS } from './destination-settings';
import { resolveBlueprint } from './load-config';
import { SCALING_SETTINGS, STEP_SETTINGS } from './scaling-settings';
import { GROUPS, pipelineSettings } from './schema';

const PHOTOS = 'environments.dev.pipelines.photos';

/** What goes together with either bound of a setting. */
const BESIDE: Readonly<Record<string, object>> = {
  keptImages: { keptRevisions: 1 },
  keptRevisions: { keptImages: 1_000 },
  memoryMiB: { cpuUnits: 256 },
};

const STEP = { from: 1, tasks: 1 };

/** What each policy of `scaling` cannot do without. */
const SCALING: Readonly<Record<ScalingPolicy, object>> = {
  'jobs-per-task': {},
  steps: { steps: [STEP] },
  'drain-within': { minutes: 15 },
};

/** Every whole number: the place of its settings, how a blueprint is made, its name and range. */
const NUMBERS = [
  [PHOTOS, photos, pipelineSettings('images')] as const,
  ...Object.entries(GROUPS).map(([group, schema]) => {
    const blueprint = (settings: object) => dev({ [group]: settings });
    return [`environments.dev.${group}`, blueprint, schema._zod.def.innerType.shape] as const;
  }),
  ...Object.entries(SCALING).map(([policy, required]) => {
    const blueprint = (settings: object) =>
      photos({ scaling: { policy, ...required, ...settings } });
    return [`${PHOTOS}.scaling`, blueprint, SCALING_SETTINGS[policy as ScalingPolicy]] as const;
  }),
  [
    `${PHOTOS}.destination`,
    (settings: object) => photos({ destination: { kind: 'shards', ...settings } }),
    DESTINATION_SETTINGS.shards,
  ] as const,
  [
    `${PHOTOS}.scaling.steps[0]`,
    (step: object) => photos({ scaling: { policy: 'steps', steps: [{ ...STEP, ...step }] } }),
    STEP_SETTINGS,
  ] as const,
].flatMap(([place, blueprint, settings]) =>
  Object.entries(settings).flatMap(([name, schema]) => {
    const { range, must = '' } = factsOf(schema);
    return range && must.startsWith('a whole number')
      ? [{ at: `${place}.${name}`, name, blueprint, ...range }]
      : [];
  }),
);

describe('a number', () => {
  test('stands in the documentation, each of them', () => {
    const documented = SECTIONS.flatMap(({ settings }) => Object.values(settings));
    const whole = documented.filter((schema) => factsOf(schema).must?.startsWith('a whole number'));
    expect(whole).toHaveLength(NUMBERS.length);
    expect(NUMBERS.length).toBeGreaterThan(25);
  });

  test.each(NUMBERS)('fails when it is outside its range: $at', (number) => {
    const { at, name, blueprint, unit, min, max } = number;
    for (const given of [min - 1, max + 1, min + 0.5, Number.NaN])
      expect(faultsOf(blueprint({ ...BESIDE[name], [name]: given }))).toEqual([
        `${at} must be a whole number from ${min} to ${max} ${unit}, but ${given} was given`,
      ]);
  });

  test.each(NUMBERS)('takes both bounds: $at', ({ at, name, blueprint, min, max }) => {
    const faults = [min, max].flatMap((bound) =>
      faultsOf(blueprint({ ...BESIDE[name], [name]: bound })),
    );
    expect(faults.filter((fault) => fault.startsWith(`${at} must be a whole`))).toEqual([]);
  });

  test('fails when it is a text', () => {
    expect(faultsOf(photos({ maxTasks: '10' }))).toEqual([
      `${PHOTOS}.maxTasks must be a whole number from 0 to 5000 tasks, but "10" was given`,
    ]);
  });
});

describe('a word', () => {
  test('fails when it is none of those allowed, with the nearest one', () => {
    expect(faultsOf(dev({ network: { egress: 'publicip' } }))).toEqual([
      'environments.dev.network.egress must be one of public-ip, nat, nat-per-az, ' +
        'endpoints, but "publicip" was given; did you mean `public-ip`?',
    ]);
  });

  test.each([
    ['a number of CPU units that Fargate lacks', photos({ cpuUnits: 1000 }), '256, 512, 1024'],
    ['an architecture', photos({ architecture: 'mips' }), 'arm64, x86_64'],
    ['a fault to fail on', photos({ failOn: 'half' }), 'none, truncated, error, warning'],
    ['a log level', photos({ logLevel: 'loud' }), 'debug, info, warn, error'],
    ['a client for AWS', photos({ awsClient: 'fast' }), 'lean, sdk'],
    ['a retention that CloudWatch Logs lacks', dev({ logRetentionDays: 31 }), '1, 3, 5'],
    ['Container Insights', dev({ cluster: { containerInsights: true } }), 'off, on, enhanced'],
    ['an encryption', dev({ encryption: 'none' }), 'aws-managed, own'],
  ])('fails when it is unknown: %s', (_, blueprint, allowed) => {
    const [fault, ...more] = faultsOf(blueprint);
    expect(fault).toContain(`must be one of ${allowed.split(', ')[0]}, `);
    expect(fault).toContain(allowed);
    expect(more).toEqual([]);
  });
});

describe('a switch', () => {
  test('fails when it is neither true nor false', () => {
    expect(faultsOf(dev({ buckets: { shared: 'yes' } }))).toEqual([
      'environments.dev.buckets.shared must be true or false, but "yes" was given',
    ]);
  });
});

describe('a list', () => {
  test('fails when one thing stands in it twice', () => {
    expect(faultsOf(photos({ suffixes: ['.jpg', '.jpg'] }))).toEqual([
      `${PHOTOS}.suffixes must name nothing twice, but [".jpg",".jpg"] was given`,
    ]);
  });

  test('fails when it is too long', () => {
    const suffixes = Array.from({ length: 21 }, (_, index) => `.${index + 10}`);
    expect(faultsOf(photos({ suffixes }))).toEqual([
      `${PHOTOS}.suffixes must be a list of at most 20 suffixes, but 21 were given`,
    ]);
  });

  test('fails when it is no list', () => {
    expect(faultsOf(dev({ allowedAccountIds: '123456789012' }))).toEqual([
      'environments.dev.allowedAccountIds must be a list of at most 100 account ids, but ' +
        '"123456789012" was given',
    ]);
  });

  test('fails at the place of the wrong value', () => {
    expect(faultsOf(dev({ allowedAccountIds: ['123456789012', 210987654321] }))).toEqual([
      'environments.dev.allowedAccountIds[1] must be an account id of 12 digits, in ' +
        'quotes, but 210987654321 was given',
    ]);
  });
});

describe('a recipe', () => {
  test('fails with every sentence of the worker, at its place', () => {
    expect(faultsOf(photos({ recipe: [{ name: '..' }, { name: 'a', widt: 3 }] }))).toEqual([
      expect.stringContaining(`${PHOTOS}.recipe[0].name must be made of`),
      `${PHOTOS}.recipe[1].widt is no setting of a rendition; did you mean \`width\`?`,
    ]);
  });

  test('may be the name of a preset, and is then what it stands for', () => {
    const pipelines = { photos: { recipe: 'imagenet-224' } } as const;
    const [environment] = resolveBlueprint({ environments: { dev: { pipelines } } });
    expect(environment?.pipelines.photos?.recipe).toEqual(PRESETS['imagenet-224']);
  });

  test('fails when it is no list', () => {
    expect(faultsOf(photos({ recipe: null }))).toEqual([
      expect.stringMatching(
        /^environments\.dev\.pipelines\.photos\.recipe must be a list .* but null was given$/,
      ),
    ]);
  });
});

describe('a workload', () => {
  test('fails when it does not exist, and judges nothing that only a workload can judge', () => {
    const settings = { workload: 'imges', recipe: 7, failOn: 'half', letters: 3, maxTasks: -1 };
    expect(faultsOf(photos(settings))).toEqual([
      `${PHOTOS}.maxTasks must be a whole number from 0 to 5000 tasks, but -1 was given`,
      expect.stringMatching(
        /\.workload must be one of .*\bimages\b.*, but "imges" was given; did you mean `images`\?$/,
      ),
    ]);
  });

  test('judges its own settings', () => {
    expect(faultsOf(photos({ workload: 'images', maxSourcePixels: 0 }))).toEqual([
      `${PHOTOS}.maxSourcePixels must be a whole number from 1 to 10000000000 pixels, but ` +
        '0 was given',
    ]);
  });
});
