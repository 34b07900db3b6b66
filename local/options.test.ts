import { PRESETS } from '../application-code/images/presets';
import { recipeOf } from '../application-code/workloads';
import { resolveBlueprint } from '../stacks/config/load-config';
import { parseOptions } from './options';

/** Two environments with a pipeline of the same name. */
const blueprint = () =>
  resolveBlueprint({
    environments: {
      dev: {
        pipelines: {
          photos: {
            environment: { MODEL: 'small' },
            secrets: { API_KEY: 'arn:aws:ssm:us-east-1:123456789012:parameter/key' },
            jobTimeoutSeconds: 60,
          },
          scans: {
            sourcePrefix: 'scans/',
            suffixes: ['.png'],
            recipe: [{ name: 'big', width: 1600 }],
          },
          films: { sourcePrefix: 'films/', scaling: { policy: 'drain-within', minutes: 5 } },
        },
      },
      prod: {},
    },
  });

const context = {
  loadBlueprint: blueprint,
  workingFolder: '/home/someone',
  samplesOf: (workload: string) =>
    workload === 'images' ? '/checkout/samples' : `/checkout/${workload}/samples`,
  readFile: (file: string) => {
    if (file === '/home/someone/empty.json') return '';
    if (file === '/home/someone/recipe.json') return '[{"name":"small","width":320}]';
    throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
  },
};

const parse = (...argv: readonly string[]) => parseOptions(argv, context);

function faultsOf(...argv: readonly string[]): readonly string[] {
  const parsed = parse(...argv);
  return parsed.kind === 'faults' ? parsed.faults : [];
}

describe('parseOptions', () => {
  test('processes the samples into ./out, without the list of their sources', () => {
    expect(parse()).toEqual({
      kind: 'run',
      options: {
        folder: '/checkout/samples',
        ignore: ['SOURCES.md'],
        out: { folder: '/home/someone/out', isExplicit: false },
        workload: 'images',
        recipe: recipeOf('images').default,
        ...{ destination: { kind: 'objects' }, maxTasks: 10, jobsPerTask: 25 },
        jobTimeoutSeconds: 120,
        maxAttempts: 8,
        container: false,
        keep: false,
      },
    });
  });

  test('processes the samples of the workload that is named', () => {
    expect(parse('--workload', 'povray')).toMatchObject({
      options: { folder: '/checkout/povray/samples', workload: 'povray' },
    });
  });

  test('takes a folder and every option, in any order', () => {
    const argv = [
      '--keep',
      '--workload',
      'images',
      '--out',
      '../o',
      'Pictures',
      '--max-tasks',
      '4',
      '--jobs-per-task=50',
      '--job-timeout=3600',
      '--max-attempts=2',
      '--container',
    ];
    expect(
      parse(...argv, '--recipe', 'recipe.json', '--endpoint', 'http://localhost:4566/'),
    ).toEqual({
      kind: 'run',
      options: {
        folder: '/home/someone/Pictures',
        ignore: [],
        out: { folder: '/home/o', isExplicit: true },
        workload: 'images',
        recipe: [{ name: 'small', width: 320 }],
        ...{ destination: { kind: 'objects' }, maxTasks: 4, jobsPerTask: 50 },
        jobTimeoutSeconds: 3_600,
        maxAttempts: 2,
        container: true,
        keep: true,
        endpoint: 'http://localhost:4566',
      },
    });
  });

  test('takes a recipe as JSON, too', () => {
    expect(parse('--recipe', ' [{"name":"s","height":9}]')).toMatchObject({
      options: { recipe: [{ name: 's', height: 9 }] },
    });
  });

  test.each(['imagenet-224', '"imagenet-224"'])('takes the preset %s for a recipe', (preset) => {
    const options = { recipe: PRESETS['imagenet-224'] };
    expect(parse('--recipe', preset)).toMatchObject({ options });
  });

  test('takes a folder whose name begins with a hyphen after two hyphens', () => {
    expect(parse('--', '-odd')).toMatchObject({ options: { folder: '/home/someone/-odd' } });
  });

  test('shows defaults and examples in its help, whatever else was given', () => {
    expect(parse('--max-tasks', 'x', 'a', 'b', '--wrong', '--help')).toMatchObject({
      kind: 'help',
      text: expect.stringMatching(/1 to 5000 \(default: 10\).*Examples:/s),
    });
  });

  test.each([
    [['--wrong'], "unknown option '--wrong': `npm start -- --help` shows how it is used."],
    [['--recipes=x'], 'Did you mean --recipe?'],
    [
      ['--max-tasks', 'ten'],
      '--max-tasks must be a whole number between 1 and 5000, but ten was given.',
    ],
    [['--max-tasks', '0'], 'but 0 was given'],
    [['--max-tasks', '5001'], 'but 5001 was given'],
    [['--max-tasks', '1e3'], 'but 1e3 was given'],
    [['--jobs-per-task', '-1'], 'but -1 was given'],
    [['--jobs-per-task', ''], 'but nothing was given'],
    [['--job-timeout', '43081'], 'between 1 and 43080, but 43081 was given'],
    [
      ['--recipe', '[]', '--workload', 'wrong'],
      '--workload must be one of images, povray, but wrong',
    ],
    [['--recipe', 'empty.json'], '--recipe: RECIPE must be JSON'],
    [['--recipe', 'none.json'], 'but none.json cannot be read (ENOENT)'],
    [['--recipe', 'imagnet-224'], 'Did you mean the preset imagenet-224?'],
    [['--recipe', '[{"name":"a","width":0}]'], 'width'],
    [['--endpoint', 'http://example.com'], 'http://example.com was given'],
    [['--endpoint', 'http://127.0.0.1.example.com'], 'was given'],
    [['--workload', 'imagse'], 'one of images, povray, but imagse was given. Did you mean images?'],
    [['--workload', 'worker'], 'but worker was given'],
    [['--out', ''], '--out must be the path of a folder'],
    [['--out'], 'argument missing'],
    [['a', 'b'], '2 were given: a, b'],
    [[''], 'FOLDER must be'],
  ])('fails when it is given %j', (argv, sentence) => {
    const faults = faultsOf(...argv);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(sentence);
  });

  test('fails with every fault at once', () => {
    const recipe = '[{"name":"a/b"},{"name":"c","width":-1}]';
    expect(
      faultsOf('--wrong', '--max-tasks', 'x', '--recipe', recipe, '--endpoint', 'nowhere'),
    ).toHaveLength(5);
  });
});

describe('a pipeline of the configuration', () => {
  const API_KEY = 'of this machine';
  const run = (...argv: readonly string[]) => {
    const parsed = parseOptions(argv, { ...context, variables: { API_KEY } });
    return parsed.kind === 'run' ? parsed.options : parsed;
  };

  test('lends its workload, recipe and settings, but not what is deployed', () => {
    const options = run('--pipeline', 'scans', '--max-tasks', '3');
    expect(options).toMatchObject({
      workload: 'images',
      recipe: [{ name: 'big', width: 1600 }],
      maxTasks: 3,
      settings: { sourcePrefix: 'scans/', suffixes: ['.png'], environment: {}, maxAttempts: 8 },
    });
    for (const name of ['schedule', 'image', 'maxTasks', 'jobConcurrency'])
      expect(options).not.toHaveProperty(`settings.${name}`);
  });

  test('has its environment, and its secrets from variables of the same name', () => {
    expect(run('--pipeline', 'dev/photos')).toMatchObject({
      settings: { environment: { MODEL: 'small', API_KEY }, jobTimeoutSeconds: 60 },
    });
  });

  test('gives way to a recipe that is given', () => {
    expect(run('--pipeline', 'scans', '--recipe', 'recipe.json')).toMatchObject({
      recipe: [{ name: 'small', width: 320 }],
    });
  });

  test.each<[string, readonly string[], string]>([
    [
      'it does not exist',
      ['scanz'],
      '--pipeline must be one of dev/photos, dev/scans, dev/films, prod/photos, but scanz was ' +
        'given. Did you mean scans?',
    ],
    [
      'several environments have it',
      ['photos'],
      '--pipeline must be one of dev/photos, prod/photos, but photos was given.',
    ],
    [
      'a secret is not set, of which nothing else is said',
      ['dev/photos', '--recipe', '{}'],
      '--pipeline dev/photos has secrets that are read from variables of the same name on this ' +
        'machine, but API_KEY is not set: export what the program shall use here.',
    ],
    [
      'its policy does not decide by jobs per task',
      ['films', '--jobs-per-task', '5'],
      '--jobs-per-task must be left out with --pipeline films, whose policy is drain-within.',
    ],
    [
      'it has a workload already',
      ['scans', '--workload', 'images'],
      '--workload must be left out with --pipeline scans, which has a workload.',
    ],
  ])('fails when %s', (_, argv, sentence) => {
    expect(faultsOf('--pipeline', ...argv)).toEqual([sentence]);
  });

  test('fails with every fault of a wrong configuration', () => {
    const broken = () =>
      resolveBlueprint({ environments: { dev: { region: 'x', encryption: 'y' as never } } });
    const parsed = parseOptions(['--pipeline', 'photos'], { ...context, loadBlueprint: broken });
    expect(parsed).toMatchObject({
      kind: 'faults',
      faults: [
        expect.stringContaining('environments.dev.region must be'),
        expect.stringContaining('environments.dev.encryption must be'),
      ],
    });
  });
});
