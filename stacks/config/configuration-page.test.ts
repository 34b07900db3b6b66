import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { WORKER_VARIABLES } from '../../application-code/worker/src/settings';
import { queueNumbers } from '../../contract/queues';
import { STOP_TIMEOUT_SECONDS } from '../../contract/task-definition';
import { factsOf, type Range } from '../../text/setting';
import { configurationPage, SECTIONS } from './configuration-page';
import { PIPELINE_SETTINGS } from './pipeline-settings';

const ROWS = SECTIONS.flatMap(({ title, settings }) =>
  Object.entries(settings).map(([name, schema]) => [`${title}: ${name}`, name, schema] as const),
);

// As after `npx spillway new`.
jest.mock('../../application-code/workloads', () => {
  const { commandRecipe } = jest.requireActual('../../application-code/command/command-recipe');
  return jest.requireActual('../../test/fakes/stacks/further-workloads').withWorkloads({
    transcripts: commandRecipe({ argv: ['./transcribe.sh'] }),
  });
});

describe('the page of the configuration', () => {
  test('is what is declared now, whichever workloads a user adds; `npm run docs` makes it', () => {
    const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
    expect(page).toBe(configurationPage());
  });

  test('has every setting', () => {
    expect(ROWS.length).toBeGreaterThan(75);
  });

  test.each(ROWS)('says what it decides and what it may be: %s', (_, name, schema) => {
    const row = new RegExp(
      `^\\| \`${name}\` \\| \\S[^|]+\\. \\| \\S[^|]+ \\| (\`[^|]+\`|required) \\|$`,
      'm',
    );
    expect(factsOf(schema).about).toMatch(/\.$/);
    expect(configurationPage()).toMatch(row);
  });
});

const OPTIONAL = ROWS.filter(([, , schema]) => z.safeParse(schema, undefined).success);

test.each(OPTIONAL)('the default is a value that may be given: %s', (_, _name, schema) => {
  const { data } = z.safeParse(schema, undefined);
  expect(z.safeParse(schema, data)).toEqual({ success: true, data });
});

describe('bounds that follow from others', () => {
  const rangeOf = (name: keyof typeof PIPELINE_SETTINGS): Range => {
    const { range } = factsOf(PIPELINE_SETTINGS[name]);
    if (!range) throw new Error(`${name} has no range`);
    return range;
  };

  test('the dead-letter queue keeps the longest retention four days longer', () => {
    const days = (seconds: number) => seconds / 86_400;
    const numbers = queueNumbers({
      retentionDays: rangeOf('retentionDays').max,
      visibilityTimeoutSeconds: 120,
      maxAttempts: 8,
    });
    expect(
      days(numbers.deadLetterRetentionSeconds) - days(numbers.workRetentionSeconds),
    ).toBeGreaterThanOrEqual(4);
    expect(days(numbers.deadLetterRetentionSeconds)).toBe(14);
  });

  test('the longest drain ends before ECS kills', () => {
    expect(rangeOf('drainDeadlineSeconds').max).toBeLessThan(STOP_TIMEOUT_SECONDS);
  });

  test('the smallest and the largest task are in the worker’s range of memory', () => {
    const { min, max } = rangeOf('memoryMiB');
    for (const memory of [min, max])
      expect(z.safeParse(WORKER_VARIABLES.memoryLimitMiB.schema, memory).success).toBe(true);
  });
});
