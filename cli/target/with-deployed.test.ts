import { fakeAccount, runCommand, TASK_DEFINITION } from '../../test/fakes/cli/fake-session';

const ALLOWED = { environments: { dev: { allowedAccountIds: ['123456789012'] } } };

/** As the adapter says it. */
function undeployed(name = 'ParameterNotFound') {
  const account = fakeAccount();
  const cause = Object.assign(new Error('UnknownError'), { name });
  const read = (parameter: string) =>
    Promise.reject(new Error(`There is no parameter ${parameter}: deploy.`, { cause }));
  return { ...account, parameters: { ...account.parameters, read } };
}

describe('a command about a pipeline that is not there', () => {
  test.each(['revisions', 'rollback --yes'])(
    'fails in %s and says where it looked',
    async (line) => {
      await expect(runCommand(line, { account: undeployed() })).rejects.toMatchObject({
        name: 'RefusalError',
        message:
          `There is no parameter ${TASK_DEFINITION}: deploy. The command is \`npx cdktf deploy ` +
          `'dev-*'\`. If that is done, these credentials are of another account: it was looked ` +
          'for in eu-central-1 with them.',
      });
    },
  );

  test('fails in the same way where a missing parameter is denied', async () => {
    const account = undeployed('AccessDeniedException');
    await expect(runCommand('revisions', { account })).rejects.toThrow(
      "The command is `npx cdktf deploy 'dev-*'`",
    );
  });

  test('fails with the accounts that the configuration allows', async () => {
    const looked = runCommand('revisions', { account: undeployed(), blueprint: ALLOWED });
    await expect(looked).rejects.toThrow(
      'these credentials are of another account than 123456789012: it was',
    );
  });

  test('fails with every other error as it is', async () => {
    const account = fakeAccount();
    account.history.clear();
    await expect(runCommand('revisions', { account })).rejects.toThrow(/^There is no parameter/);
  });
});
