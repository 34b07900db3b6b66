import { outputsOf } from '../../application-code/images/outputs';
import { DEFAULT_RECIPE, type Recipe } from '../../application-code/images/recipe';
import { recipeHash } from '../../application-code/worker/src/job/recipe-hash';
import { recipeRecord } from '../../contract/parameters';
import type { ContainerDescription, Revision } from '../../deployer/ports';
import { digestOf } from '../../test/fakes/account';
import {
  fakeAccount,
  RECIPE,
  runCommand,
  TASK_DEFINITION,
  tryCommand,
} from '../../test/fakes/cli/fake-session';
import type { FakeFamily } from '../../test/fakes/deployer/fake-family';

const OWN_IMAGE = {
  environments: { dev: { pipelines: { photos: { image: 'example/worker:1' } } } },
};
const FOUR = 'spillway-dev-photos-worker:4';
const FIVE = 'spillway-dev-photos-worker:5';
/** What the parameter held, from the promoted one of the fake on. */
const values = ({ history }: FakeFamily) => history.get(TASK_DEFINITION)?.slice(4);

describe('spillway rollback', () => {
  test('asks, naming both revisions, and promotes after a yes', async () => {
    const account = fakeAccount();
    const { text, asked } = await runCommand('rollback', { account, answer: true });
    expect(asked).toEqual([
      `photos in dev, eu-central-1: ${FIVE} is promoted now.
Promote ${FOUR} (image 444444444444, commit c0ffee4, registered 5 days ago) instead?`,
    ]);
    expect(values(account)).toEqual([FIVE, FOUR]);
    expect(text).toContain(`${FOUR} is promoted instead of ${FIVE}.`);
    expect(text).toContain('To undo: npx spillway rollback -e dev -p photos --to 5');
  });

  test('records the recipe that holds again, after the one that held until now', async () => {
    const account = fakeAccount();
    const recipe = [{ name: 'a', width: 9 }];
    const five = account.revisions.get(FIVE) as Revision;
    const [worker] = five.definition.containerDefinitions as [ContainerDescription];
    const environment = [{ name: 'RECIPE', value: JSON.stringify(recipe) }];
    const definition = { ...five.definition, containerDefinitions: [{ ...worker, environment }] };
    account.revisions.set(FIVE, { ...five, definition });
    await runCommand('rollback --yes', { account });
    const record = (of: Recipe) =>
      recipeRecord({ renditions: outputsOf(of).map(recipeHash), longestTaskSeconds: 3_720 });
    expect(account.history.get(RECIPE)).toEqual(['none', record(recipe), record(DEFAULT_RECIPE)]);
  });

  test('is done although its recipe could not be recorded, and says so', async () => {
    const account = fakeAccount();
    account.history.delete(RECIPE);
    const { warnings } = await tryCommand('rollback --yes', { account });
    expect(values(account)).toEqual([FIVE, FOUR]);
    expect(warnings).toContain(
      `that the recipe of ${FOUR} holds from now on (There is no parameter`,
    );
  });

  test('changes nothing after a no', async () => {
    const account = fakeAccount();
    await expect(runCommand('rollback', { account, answer: false })).rejects.toThrow(
      'nothing was changed.',
    );
    expect(values(account)).toEqual([FIVE]);
  });

  test('does not ask with --yes', async () => {
    const account = fakeAccount();
    const { asked } = await runCommand('rollback --yes --to 2', { account, answer: false });
    expect(asked).toEqual([]);
    expect(values(account)).toEqual([FIVE, 'spillway-dev-photos-worker:2']);
  });

  test('says what it would do in a dry run, and changes nothing', async () => {
    const account = fakeAccount();
    const { text } = await runCommand('rollback --dry-run', { account });
    expect(text).toBe(`Would promote ${FOUR} instead of ${FIVE}. Nothing was changed.`);
    expect(values(account)).toEqual([FIVE]);
  });

  test('asks for the newest older one that was promoted, not for a candidate', async () => {
    const account = fakeAccount();
    account.history.set(TASK_DEFINITION, ['none', 'spillway-dev-photos-worker:2', FIVE]);
    const { text } = await runCommand('rollback --dry-run', { account });
    expect(text).toContain('Would promote spillway-dev-photos-worker:2 instead');
    await expect(runCommand('rollback --yes --to 4', { account })).rejects.toThrow(
      `${FOUR} was never promoted, as far as the last 100 values`,
    );
    expect(account.history.get(TASK_DEFINITION)?.at(-1)).toBe(FIVE);
  });

  test('prints one JSON document', async () => {
    const { text } = await runCommand('rollback --yes --json');
    expect(JSON.parse(text)).toEqual({
      environment: 'dev',
      pipeline: 'photos',
      region: 'eu-central-1',
      from: FIVE,
      to: FOUR,
      imageDigest: digestOf(4),
      commit: 'c0ffee4',
      dryRun: false,
      overwritten: null,
    });
  });

  test.each([
    ['no one is at a terminal', 'rollback', undefined],
    ['a program reads the answer', 'rollback --json', true],
  ])('fails without --yes when %s, before it looks at AWS', async (_title, line, answer) => {
    const account = fakeAccount();
    account.history.clear();
    await expect(runCommand(line, { account, ...(answer && { answer }) })).rejects.toThrow(
      'no one can be asked here: say --yes',
    );
  });

  test('fails when the configuration names the image: a deploy would promote it', async () => {
    await expect(runCommand('rollback --yes', { blueprint: OWN_IMAGE })).rejects.toThrow(
      'the configuration names the image of photos in dev (example/worker:1)',
    );
  });

  test.each(['latest', '0', '-3', '1.5', 'family:', 'arn:aws:ecs:eu-central-1:1:task/x'])(
    'fails when --to is %s',
    async (to) => {
      await expect(runCommand(`rollback --yes --to=${to}`)).rejects.toThrow(
        'It must be a number such as 7',
      );
    },
  );
});
