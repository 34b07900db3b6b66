import { fakePipeline } from '../../test/fakes/cli/fake-pipeline';
import { tryCommand } from '../../test/fakes/cli/fake-session';

const LOCAL = '/spillway/local/';
const URL = 'http://127.0.0.1:4566';

describe('openTarget', () => {
  const pipelinesOf = (...pipelines: readonly string[]) => {
    const { account, values } = fakePipeline();
    for (const name of pipelines) values.set(`${LOCAL}${name}/enabled`, 'configured');
    const opened: string[] = [];
    const queues = {
      ...account.queues,
      open: async (name: string) => {
        opened.push(name);
        return account.queues.open('spillway-dev-photos-dead-letters');
      },
    };
    return { account: { ...account, queues }, opened };
  };

  test('takes the only pipeline of a local run, at its endpoint', async () => {
    const { account, opened } = pipelinesOf('photos-0a1b2c3d');
    const { error, places } = await tryCommand(`dlq list --local ${URL}/`, { account });
    expect(error).toBeUndefined();
    expect(opened).toEqual(['spillway-local-photos-0a1b2c3d-dead-letters']);
    expect(places).toEqual([{ region: 'us-east-1', endpoint: URL }]);
  });

  test('takes the one that is named', async () => {
    const { account, opened } = pipelinesOf('photos-a', 'photos-b');
    await tryCommand(`dlq list --local ${URL} -p photos-b`, { account });
    expect(opened).toEqual(['spillway-local-photos-b-dead-letters']);
  });

  test.each([
    ['there is no pipeline', [], `--local ${URL}`, 'there is no pipeline at http://127.0.0.1:4566'],
    [
      'there are several',
      ['photos-a', 'photos-b'],
      `--local ${URL}`,
      '(photos-a, photos-b): say --pipeline NAME',
    ],
    [
      'an environment is named too',
      ['photos-a'],
      `--local ${URL} -e dev`,
      'a local run has no environments',
    ],
    [
      'the URL is of another machine',
      ['photos-a'],
      '--local http://example.com',
      '--local must be an http URL of this machine',
    ],
    ['the URL is not one', ['photos-a'], '--local 4566', '--local must be an http URL'],
  ])('fails when %s', async (_title, pipelines, options, sentence) => {
    const { error } = await tryCommand(`dlq list ${options}`, {
      account: pipelinesOf(...pipelines).account,
    });
    expect(String(error)).toContain(sentence);
  });

  describe('among several environments', () => {
    const blueprint = { environments: { dev: {}, prod: {} } };
    const deployed = (...environments: readonly string[]) => {
      const { account, values } = fakePipeline();
      values.clear();
      for (const name of environments) values.set(`/spillway/${name}/photos/enabled`, 'configured');
      return account;
    };

    test('takes the only one that is deployed', async () => {
      const { text } = await tryCommand('status --json', { account: deployed('dev'), blueprint });
      expect(JSON.parse(text)).toMatchObject({ environment: 'dev', pipeline: 'photos' });
    });

    test.each([[[]], [['dev', 'prod']]])(
      'fails when %j are deployed, with their names',
      async (names) => {
        const { error } = await tryCommand('status', { account: deployed(...names), blueprint });
        expect(String(error)).toContain('several environments (dev, prod): say --environment NAME');
      },
    );

    describe('with SPILLWAY_ENVIRONMENT and SPILLWAY_PIPELINE', () => {
      const variables = { SPILLWAY_ENVIRONMENT: 'prod', SPILLWAY_PIPELINE: 'scans' };
      beforeEach(() => Object.assign(process.env, variables));
      afterEach(() => {
        for (const name of Object.keys(variables)) delete process.env[name];
      });
      const two = {
        environments: {
          dev: {},
          prod: {
            pipelines: { photos: {}, scans: { sourcePrefix: 'a/', destinationPrefix: 'b/' } },
          },
        },
      };

      test('takes what they name', async () => {
        const { error } = await tryCommand('dlq list', { account: deployed(), blueprint: two });
        expect(String(error)).toContain('There is no queue spillway-prod-scans-dead-letters');
      });

      test('an option goes before them', async () => {
        const { error } = await tryCommand('dlq list -p photos', {
          account: deployed(),
          blueprint: two,
        });
        expect(String(error)).toContain('There is no queue spillway-prod-photos-dead-letters');
      });
    });
  });
});
