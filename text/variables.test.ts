import * as z from 'zod/mini';
import { flag, list, matching, oneOf, setting, text, wholeNumber } from './setting';
import { readVariables, settingsOf, variablesOf } from './variables';

const id = matching('an id', /^id-\d$/);
const DECLARED = {
  seconds: {
    variable: 'SECONDS',
    schema: setting(wholeNumber({ unit: 'seconds', min: 1, max: 60 }), 20, 'How long.'),
  },
  level: { variable: 'LEVEL', schema: setting(oneOf(['info', 'warn']), 'info', 'How loud.') },
  prefix: {
    variable: 'PREFIX',
    schema: setting(
      text('short', (one) => one.length < 9),
      'in/',
      'Where.',
    ),
  },
  enabled: { variable: 'ENABLED', schema: flag() },
  ids: { variable: 'IDS', schema: list(id, { what: 'ids', min: 1, max: 2 }) },
  owner: { variable: 'OWNER', schema: z.optional(id) },
} as const;
const given = { ENABLED: 'true', IDS: 'id-1' };
const faultsOf = (variables: Readonly<Record<string, string>>) => [
  ...readVariables(DECLARED, { ...given, ...variables }).faults.values(),
];

describe('readVariables', () => {
  test('takes defaults for what is unset or empty, but an empty text where it may be empty', () => {
    const unset = { seconds: 20, level: 'info', prefix: 'in/', enabled: true, ids: ['id-1'] };
    expect(readVariables(DECLARED, given).values).toEqual(unset);
    const empty = { ...given, SECONDS: '', LEVEL: '', PREFIX: '', OWNER: '' };
    expect(readVariables(DECLARED, empty).values).toEqual({ ...unset, prefix: '' });
  });

  test('reads what variablesOf has written', () => {
    const values = {
      seconds: 3,
      level: 'warn',
      prefix: '',
      enabled: false,
      ids: ['id-1', 'id-2'],
      owner: 'id-3',
    } as const;
    const variables = variablesOf(DECLARED, { ...values, ids: [...values.ids] });
    expect(variables.IDS).toBe('id-1,id-2');
    expect(readVariables(DECLARED, variables)).toEqual({ values, faults: new Map() });
  });

  test.each([
    [{ SECONDS: '0' }, 'SECONDS must be a whole number from 1 to 60 seconds, but 0 was given'],
    [{ SECONDS: '-1' }, 'SECONDS must be a whole number from 1 to 60 seconds, but -1 was given'],
    [{ SECONDS: '9'.repeat(99) }, expect.stringContaining('whole number from 1 to 60')],
    [{ SECONDS: '1.5' }, expect.stringMatching(/whole number .* 1\.5 was given$/)],
    [{ SECONDS: '0x1' }, expect.stringMatching(/whole number .* "0x1" was given$/)],
    [
      { LEVEL: 'wran' },
      'LEVEL must be one of info, warn, but "wran" was given; did you mean `warn`?',
    ],
    [{ ENABLED: '' }, 'ENABLED must be true or false, but nothing was given'],
    [{ ENABLED: 'on' }, 'ENABLED must be true or false, but "on" was given'],
    [{ IDS: '' }, 'IDS must be a list of 1 to 2 ids, but nothing was given'],
    [{ IDS: 'id-1, id-2' }, 'IDS[1] must be an id, but " id-2" was given'],
    [{ IDS: 'id-1,id-2,id-3' }, 'IDS must be a list of 1 to 2 ids, but 3 were given'],
    [{ IDS: 'id-1,id-1' }, 'IDS must name nothing twice, but ["id-1","id-1"] was given'],
    [{ OWNER: 'me' }, 'OWNER must be an id, but "me" was given'],
  ])('fails in one sentence: %j', (variables, sentence) => {
    expect(faultsOf(variables)).toEqual([sentence]);
  });

  test('fails with a sentence for each variable that is wrong, and by its setting', () => {
    const { faults } = readVariables(DECLARED, { LEVEL: '?', SECONDS: '?' });
    expect([...faults.keys()]).toEqual(['seconds', 'level', 'enabled', 'ids']);
  });
});

test('settingsOf takes what has a default', () => {
  expect(Object.keys(settingsOf(DECLARED))).toEqual(['seconds', 'level', 'prefix']);
});
