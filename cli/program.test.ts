import { COMMANDS } from './commands';
import { createProgram } from './program';
import type { Session } from './session';
import { runCommand } from './session-double';

/** Helps look at nothing. */
const NO_SESSION = {} as Session;

describe('spillway', () => {
  test('tells every command, the exit codes and where names come from in its help', async () => {
    const printed = await help('--help');
    for (const word of ['revisions', 'rollback', 'Exit codes: 0', 'BLUEPRINT_CONFIG', 'AWS_PROFILE'])
      expect(printed).toContain(word);
  });

  test.each(['revisions', 'rollback'])(
    'shows examples and permissions in the help of %s',
    async (command) => {
      const printed = await help(`${command} --help`);
      expect(printed).toContain(`npx spillway ${command}`);
      expect(printed).toContain('ssm:GetParameter');
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
  ])('fails on `%s`', async (line, sentence) => {
    await expect(runCommand(line)).rejects.toThrow(sentence);
  });
});

/** Commander throws after it has shown a help. */
async function help(line: string): Promise<string> {
  const printed: string[] = [];
  const output = {
    out: (text: string) => printed.push(text),
    err: (text: string) => printed.push(`stderr: ${text}`),
  };
  const shown = createProgram(NO_SESSION, output).parseAsync(line.split(' '), { from: 'user' });
  await expect(shown).rejects.toMatchObject({ code: 'commander.helpDisplayed', exitCode: 0 });
  return printed.join('');
}
