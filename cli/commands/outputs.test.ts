import { fakePipeline } from '../../test/fakes/cli/fake-pipeline';
import { runCommand, tryCommand } from '../../test/fakes/cli/fake-session';

const CONSOLE = 'https://eu-central-1.console.aws.amazon.com';
const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/123456789012/spillway-dev-photos-work';
const outputs = {
  dashboard_url: `${CONSOLE}/cloudwatch/home?region=eu-central-1#dashboards/dashboard/spillway-dev`,
  photos_upload_command: `aws s3 cp ./photos s3://${'long-'.repeat(20)}bucket/ecsproc/ --recursive`,
  photos_queue_url: QUEUE,
};
const account = fakePipeline().account;

describe('spillway outputs', () => {
  test('prints one as it is, in one line however long', async () => {
    const { text } = await runCommand('outputs photos_upload_command', { outputs, account });
    expect(text).toBe(outputs.photos_upload_command);
  });

  test('prints all with their names, or as one JSON document', async () => {
    const { text } = await runCommand('outputs', { outputs, account });
    expect(text.split('\n')).toContain(`photos_queue_url       ${QUEUE}`);
    expect(JSON.parse((await runCommand('outputs --json', { outputs, account })).text)).toEqual(
      outputs,
    );
  });

  test('fails on a name that there is not, with the nearest one', async () => {
    const { error } = await tryCommand('outputs photos_queue_ur', { outputs, account });
    expect(error).toMatchObject({ name: 'UsageError' });
    expect(String(error)).toContain('Did you mean photos_queue_url?');
  });
});

describe('spillway open', () => {
  test.each([
    ['', outputs.dashboard_url],
    ['dashboard', outputs.dashboard_url],
    ['queue', `${CONSOLE}/sqs/v3/home?region=eu-central-1#/queues/${encodeURIComponent(QUEUE)}`],
  ])('%s prints the address and hands it to the browser', async (page, url) => {
    const { text, shown } = await runCommand(`open ${page}`.trim(), { outputs, account });
    expect([text, shown]).toEqual([url, [url]]);
  });

  test('opens nothing for a script', async () => {
    const { text, shown } = await runCommand('open --json', { outputs, account });
    expect([JSON.parse(text), shown]).toEqual([{ url: outputs.dashboard_url }, []]);
  });

  test('fails on a page that there is not', async () => {
    const { error } = await tryCommand('open logs', { outputs, account });
    expect(String(error)).toContain('Allowed choices are dashboard, pipeline, queue, dead-letters');
  });
});
