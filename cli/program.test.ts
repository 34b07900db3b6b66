import type { Command } from 'commander';
import { blueprint } from '../blueprint.config';
import { runCommand, tryCommand } from '../test/fakes/cli/fake-session';
import { COMMANDS, createProgram } from './program';
import type { Session } from './terminal/session';

/** An account of which every call fails. */
const NO_ACCOUNT = new Proxy(
  {},
  {
    get: () =>
      new Proxy(
        {},
        {
          get: () => async () => {
            throw new Error('AWS was asked');
          },
        },
      ),
  },
);

/** Helps look at nothing. */
const NO_SESSION = {} as Session;

/** Every command line that does something: `dlq list`, not `dlq`. */
const leaves = ({ commands }: Command, before: readonly string[] = []): readonly string[] =>
  commands.flatMap((command) => {
    const words = [...before, command.name()];
    return command.commands.length > 0 ? leaves(command, words) : [words.join(' ')];
  });
const LINES = leaves(createProgram(NO_SESSION, () => undefined));

describe('spillway', () => {
  test('tells every command, the exit codes and where names come from in its help', async () => {
    const printed = await help('--help');
    const commands = COMMANDS.map((create) => create(NO_SESSION).name());
    for (const word of [
      ...commands,
      'Exit codes: 0',
      '130',
      'BLUEPRINT_CONFIG',
      'AWS_PROFILE',
      '--local',
    ])
      expect(printed).toContain(word);
  });

  test('has the commands that operators know', () => {
    expect(LINES).toEqual([
      'new',
      'upload',
      'status',
      'doctor',
      'outputs',
      'open',
      'watch',
      'pause',
      'resume',
      'set',
      'simulate',
      'dlq list',
      'dlq show',
      'dlq redrive',
      'dlq purge',
      'reconcile',
      'dataset status',
      'dataset finish',
      'dataset verify',
      'dataset list',
      'revisions',
      'deliver',
      'rollback',
    ]);
  });

  test.each(LINES)(
    'shows examples and permissions in the help of %s, in lines of a readable length',
    async (line) => {
      const printed = await help(`${line} --help`);
      expect(printed).toContain(`npx spillway ${line}`);
      expect(printed).toMatch(
        /Needs (what `npx spillway (status|outputs)` needs|nothing of AWS|\w+:\w+)/,
      );
      expect(printed).toContain('--json');
      expect(Math.max(...printed.split('\n').map((one) => one.length))).toBeLessThanOrEqual(120);
    },
  );

  test.each(LINES.filter((line) => line !== 'new' && line !== 'simulate'))(
    'shows examples of %s that come as far as AWS with the configuration that is delivered',
    async (line) => {
      const examples = examplesIn(await help(`${line} --help`));
      expect(examples.length).toBeGreaterThan(0);
      const outcomes = await Promise.all(
        examples.map(async (example) => {
          const { error } = await tryCommand(example, {
            blueprint,
            account: NO_ACCOUNT,
            answer: true,
            typed: 'photos',
          });
          return `${example}: ${error}`;
        }),
      );
      expect(outcomes).toEqual(examples.map((example) => `${example}: Error: AWS was asked`));
    },
  );

  test('has a summary for every command', () => {
    for (const create of COMMANDS) expect(create(NO_SESSION).summary()).not.toBe('');
  });

  test.each([
    ['rolback', 'Did you mean rollback?'],
    ['rollback --tto 7', 'Did you mean --to?'],
    ['rollback extra', 'too many arguments'],
    ['rollback --to', 'argument missing'],
    ['revisions --environment', 'argument missing'],
    ['dlq redrve', 'Did you mean redrive?'],
    ['dlq list --key', 'argument missing'],
    ['upload', "missing required argument 'DIR'"],
    ['status --locl x', 'Did you mean --local?'],
  ])('fails on `%s`', async (line, sentence) => {
    await expect(runCommand(line)).rejects.toThrow(sentence);
  });
});

/**
 * What a help tells to type: without what a shell does with it, and what stands beside it. The
 * folder is one that is there.
 */
const examplesIn = (printed: string): readonly string[] =>
  [...printed.matchAll(/^ {2}npx spillway (.+)$/gm)].map(([, example = '']) =>
    example
      .split(/ {2,}| \| | && /, 1)
      .join()
      .replace(/~\/Pictures|samples/, __dirname),
  );

/** Commander throws after it has shown a help. */
async function help(line: string): Promise<string> {
  const printed: string[] = [];
  const program = createProgram(NO_SESSION, (text) => printed.push(text));
  const shown = program.parseAsync(line.split(' '), { from: 'user' });
  await expect(shown).rejects.toMatchObject({ code: 'commander.helpDisplayed', exitCode: 0 });
  return printed.join('');
}
