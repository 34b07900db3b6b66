import { faultsOf, photos } from '../../test/fakes/stacks/broken-blueprint';
import { resolveBlueprint } from './load-config';

const DESTINATION = 'environments.dev.pipelines.photos.destination';
const shards = (settings: object) => photos({ destination: { kind: 'shards', ...settings } });

test('without a destination each output is an object of its own', () => {
  const [environment] = resolveBlueprint({ environments: { dev: {} } });
  expect(environment?.pipelines.photos?.destination).toEqual({ kind: 'objects' });
});

test.each([
  [{}, { samples: 1_000, mebibytes: 256, seconds: 300, label: 'folder' }],
  [
    { samples: 500, mebibytes: 64, seconds: 60, label: 'none' },
    { samples: 500, mebibytes: 64, seconds: 60, label: 'none' },
  ],
  [{ label: { pattern: '^(\\w+)/' } }, { label: { pattern: '^(\\w+)/' } }],
] as const)('shards with %j have the rest by default', (settings, whole) => {
  const destination = { kind: 'shards', ...settings } as const;
  const [environment] = resolveBlueprint({
    environments: { dev: { pipelines: { photos: { destination } } } },
  });
  expect(environment?.pipelines.photos?.destination).toMatchObject({ kind: 'shards', ...whole });
});

describe('a destination fails when', () => {
  const LABEL = `${DESTINATION}.label must be \`folder\`, \`none\` or \`{ pattern }\``;
  const PATTERN =
    `${DESTINATION}.label.pattern must be a regular expression with one group or a group ` +
    '`(?<label>…)`';
  test.each<[string, unknown, string]>([
    [
      'its kind does not exist',
      photos({ destination: { kind: 'tars' } }),
      `${DESTINATION}.kind must be one of objects, shards, but "tars" was given`,
    ],
    [
      'it is a word',
      photos({ destination: 'shards' }),
      `${DESTINATION} must be an object of settings, but "shards" was given`,
    ],
    [
      'a setting belongs to the other kind',
      photos({ destination: { kind: 'objects', samples: 5 } }),
      `\`samples\` is not a setting of ${DESTINATION}; \`samples\` belongs to the kind shards`,
    ],
    [
      'a setting is misspelled',
      shards({ sample: 5 }),
      `\`sample\` is not a setting of ${DESTINATION}; did you mean \`samples\`?`,
    ],
    [
      'a part has no samples',
      shards({ samples: 0 }),
      `${DESTINATION}.samples must be a whole number from 1 to 40000 samples, but 0 was given`,
    ],
    [
      'its label is another word',
      shards({ label: 'folders' }),
      `${LABEL}, but "folders" was given`,
    ],
    ['its label is a number', shards({ label: 5 }), `${LABEL}, but 5 was given`],
    [
      'its label has another key',
      shards({ label: { patern: 'a' } }),
      `${DESTINATION}.label.pattern must be a regular expression as a text, but nothing was given`,
    ],
    [
      'its pattern has no group',
      shards({ label: { pattern: '^a/' } }),
      `${PATTERN}, but "^a/" has no groups`,
    ],
    [
      'its pattern cannot be read',
      shards({ label: { pattern: '(a' } }),
      `${PATTERN}, but "(a" cannot be read: Invalid regular expression: /(a/u: Unterminated group`,
    ],
  ])('%s', (_, blueprint, sentence) => {
    expect(faultsOf(blueprint)).toContain(sentence);
  });
});
