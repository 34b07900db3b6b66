import { pipelineDouble } from './pipeline-double';
import { tryCommand } from './session-double';

const LOCAL = '/spillway/local/';
const URL = 'http://127.0.0.1:4566';

describe('openPipeline', () => {
  const world = (...pipelines: readonly string[]) => {
    const { account, values } = pipelineDouble();
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
    const { account, opened } = world('photos-0a1b2c3d');
    const { error, places } = await tryCommand(`dlq list --local ${URL}/`, { account });
    expect(error).toBeUndefined();
    expect(opened).toEqual(['spillway-local-photos-0a1b2c3d-dead-letters']);
    expect(places).toEqual([{ region: 'us-east-1', endpoint: URL }]);
  });

  test('takes the one that is named', async () => {
    const { account, opened } = world('photos-a', 'photos-b');
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
    ['an environment is named too', ['photos-a'], `--local ${URL} -e dev`, 'a local run has no environments'],
    [
      'the URL is of another machine',
      ['photos-a'],
      '--local http://example.com',
      '--local must be an http URL of this machine',
    ],
    ['the URL is none', ['photos-a'], '--local 4566', '--local must be an http URL'],
  ])('fails when %s', async (_title, pipelines, options, sentence) => {
    const { error } = await tryCommand(`dlq list ${options}`, { account: world(...pipelines).account });
    expect(String(error)).toContain(sentence);
  });
});
