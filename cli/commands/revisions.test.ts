import { digestOf } from '../../test/fakes/account';
import {
  fakeAccount,
  OUTCOME,
  runCommand,
  TASK_DEFINITION,
} from '../../test/fakes/cli/fake-session';

const OWN_IMAGE = {
  environments: { dev: { pipelines: { photos: { image: 'example/worker:1' } } } },
};
const FOUR = 'spillway-dev-photos-worker:4';

describe('spillway revisions', () => {
  test('lists the active revisions, newest first, and which are and were promoted', async () => {
    const account = fakeAccount(FOUR);
    account.history.set(TASK_DEFINITION, ['none', 'spillway-dev-photos-worker:1', FOUR]);
    account.deregister(2);
    const { text, regions } = await runCommand('revisions', { account });
    expect(regions).toEqual(['eu-central-1']);
    expect(text.split('\n').map((line) => line.replace(/\s+/g, ' '))).toEqual([
      'spillway-dev-photos-worker (environment dev, eu-central-1)',
      '',
      ' REVISION IMAGE COMMIT TEMPLATE REGISTERED STATE',
      ' 5 555555555555 c0ffee5 2 4 days ago never promoted',
      '* 4 444444444444 c0ffee4 2 5 days ago promoted',
      ' 1 111111111111 c0ffee1 2 8 days ago promoted before',
      '',
      '* Promoted: new tasks start on revision 4.',
      'Nothing has been delivered yet.',
    ]);
  });

  test('prints everything in full as one JSON document', async () => {
    const outcome = { result: 'promoted', at: '2026-01-10T11:00:00.000Z' } as const;
    const account = fakeAccount(undefined, outcome);
    account.history.set(TASK_DEFINITION, [
      FOUR,
      'spillway-dev-photos-worker:1',
      'spillway-dev-photos-worker:5',
    ]);
    const { text } = await runCommand('revisions --json', { account });
    const document = JSON.parse(text);
    expect(document).toMatchObject({
      environment: 'dev',
      pipeline: 'photos',
      region: 'eu-central-1',
      promoted: 'spillway-dev-photos-worker:5',
      outcome,
    });
    expect(document.revisions[0]).toEqual({
      revision: 5,
      name: 'spillway-dev-photos-worker:5',
      arn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/spillway-dev-photos-worker:5',
      promoted: true,
      promotedBefore: false,
      image: `123456789012.dkr.ecr.eu-central-1.amazonaws.com/spillway-dev-worker@${digestOf(5)}`,
      imageDigest: digestOf(5),
      commit: 'c0ffee5',
      template:
        'arn:aws:ecs:eu-central-1:123456789012:task-definition/' +
        'spillway-dev-photos-worker-template:2',
      registeredAt: '2026-01-06T00:00:00.000Z',
    });
    type Row = { revision: number; promoted: boolean; promotedBefore: boolean };
    expect(
      document.revisions.map(({ revision, promoted, promotedBefore }: Row) => [
        revision,
        promoted,
        promotedBefore,
      ]),
    ).toEqual([
      [5, true, false],
      [4, false, true],
      [2, false, false],
      [1, false, true],
    ]);
  });

  test.each([
    [
      { result: 'promoted', at: '2026-01-10T11:00:00Z', revision: 'f:5' },
      'Last delivery of f:5: promoted, 1 hour ago.',
    ],
    [
      {
        result: 'refused',
        at: '2026-01-10T11:58:00Z',
        revision: 'f:6',
        reason: 'The canary ended with exit code 1.',
      },
      'Last delivery of f:6: refused, 2 minutes ago. The canary ended with exit code 1.',
    ],
    [
      { result: 'unchanged', at: '2026-01-10T11:58:00Z', revision: 'f:5' },
      'Last delivery of f:5: nothing had changed, 2 minutes ago.',
    ],
  ] as const)('says how the last delivery went: %j', async (outcome, sentence) => {
    const { text } = await runCommand('revisions', { account: fakeAccount(undefined, outcome) });
    expect(text).toContain(sentence);
  });

  test.each([
    [
      'connection',
      'The first push to the branch',
      { source: 'connection', repository: 'owner/name' },
    ],
    ['s3', "The first archive in the delivery's source bucket", { source: 's3' }],
    ['none', 'The configuration has no source of images', { source: 'none' }],
  ] as const)(
    'says how the first image comes from the source `%s`',
    async (_source, sentence, delivery) => {
      const { text } = await runCommand('revisions', {
        account: fakeAccount('none'),
        blueprint: { environments: { dev: { delivery } } },
      });
      expect(text).toContain('Nothing is promoted yet');
      expect(text).toContain(sentence);
    },
  );

  test('looks for no outcome of a pipeline with an image in the configuration', async () => {
    const account = fakeAccount();
    account.history.delete(OUTCOME);
    const { text } = await runCommand('revisions', { account, blueprint: OWN_IMAGE });
    expect(text).toContain('a deploy of the stacks promotes');
    expect(text).not.toContain('delivered');
  });

  test('warns when the promoted revision is not active', async () => {
    const account = fakeAccount();
    account.deregister(5);
    const { text } = await runCommand('revisions', { account });
    expect(text).toContain(
      'spillway-dev-photos-worker:5 is promoted, but it is not active: no task can be started.',
    );
  });

  test('fails when the outcome is no outcome', async () => {
    const account = fakeAccount();
    account.history.set(OUTCOME, ['{"result":"fine"}']);
    await expect(runCommand('revisions', { account })).rejects.toThrow(
      `the parameter ${OUTCOME} is neither`,
    );
  });
});
