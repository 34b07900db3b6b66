import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SQS } from '@aws-sdk/client-sqs';
import { clientSettings } from '../../local/aws/clients';
import { startEmulator } from '../../local/emulator/start-emulator';
import { awsEnvironment } from '../../local/environment';
import type { Emulator, Pipeline } from '../../local/ports';
import { provision } from '../../local/provision/provision';
import { spillway } from './spillway-child';

describe('spillway dlq, on an emulator', () => {
  let emulator: Emulator;
  let pipeline: Pipeline;
  let sqs: SQS;
  let folder: string;

  beforeAll(async () => {
    emulator = await startEmulator();
    pipeline = await provision(emulator.endpoint, { schedule: false });
    sqs = new SQS({ ...clientSettings(emulator.endpoint), useQueueUrlAsEndpoint: false });
    folder = await mkdtemp(join(tmpdir(), 'spillway-dlq-'));
  }, 120_000);

  afterAll(async () => {
    sqs?.destroy();
    await emulator?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  beforeEach(async () => {
    for (const QueueUrl of [pipeline.queueUrl, pipeline.deadLetterQueueUrl])
      await sqs.purgeQueue({ QueueUrl });
    await putLetters(pipeline.deadLetterQueueUrl, 30);
  });

  /** Every third one is of AccessDenied, and every tenth one was moved by SQS. */
  async function putLetters(QueueUrl: string, count: number): Promise<void> {
    for (let from = 1; from <= count; from += 10) {
      const numbers = Array.from(
        { length: Math.min(10, count - from + 1) },
        (_, index) => from + index,
      );
      const Entries = numbers.map((number) => ({
        Id: String(number),
        MessageBody: `body ${number}`,
        ...(number % 10 !== 0 && {
          MessageAttributes: {
            FaultCode: text(number % 3 === 0 ? 'AccessDenied' : 'Undecodable'),
            FaultMessage: text('Because.'),
            SourceKey: text(encodeURIComponent(`ecsproc/Été/${number}.jpg`)),
            trace: text('kept'),
          },
        }),
      }));
      await sqs.sendMessageBatch({ QueueUrl, Entries });
    }
  }
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });

  async function counts(QueueUrl: string) {
    const { Attributes = {} } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['All'] });
    return {
      visible: Number(Attributes.ApproximateNumberOfMessages),
      hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible),
    };
  }
  const letters = () => counts(pipeline.deadLetterQueueUrl);
  const jobs = () => counts(pipeline.queueUrl);
  const dlq = (...words: string[]) => spillway(['dlq', ...words, '--local', emulator.endpoint]);

  test('list shows all letters and leaves them all visible', async () => {
    const { code, out, err } = await dlq('list', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({
      total: 30,
      byFaultCode: { AccessDenied: 9, Undecodable: 18, Unattributed: 3 },
      isComplete: true,
    });
    expect(await letters()).toEqual({ visible: 30, hidden: 0 });
  });

  test('show finds a letter by its key', async () => {
    const { code, out } = await dlq('show', '--key', '**/Été/7.jpg');
    expect(code).toBe(0);
    expect(out).toContain('Undecodable: Because.');
    expect(out).toContain('  body      body 7');
  });

  test('redrive takes the letters that are meant, without what the worker wrote', async () => {
    const { code, out, err } = await dlq(
      'redrive',
      '--fault',
      'AccessDenied',
      '--rate',
      '500',
      '--json',
    );
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out)).toMatchObject({ redriven: 9, by: 'spillway', duplicated: 0 });
    expect([await letters(), await jobs()]).toEqual([
      { visible: 21, hidden: 0 },
      { visible: 9, hidden: 0 },
    ]);
    const { Messages = [] } = await sqs.receiveMessage({
      QueueUrl: pipeline.queueUrl,
      MessageAttributeNames: ['All'],
    });
    expect(Object.keys(Messages[0]?.MessageAttributes ?? {})).toEqual(['trace']);
    expect(Messages[0]?.Body).toMatch(/^body \d+$/);
  });

  test('redrive says where the endpoint moves nothing, and moves all the same', async () => {
    const { code, err } = await dlq('redrive', '--rate', '500');
    expect(code).toBe(0);
    expect(err).toContain('has no call that moves messages');
    expect([await letters(), await jobs()]).toEqual([
      { visible: 0, hidden: 0 },
      { visible: 30, hidden: 0 },
    ]);
  });

  test('Ctrl-C ends a redrive in order: nothing is lost, nothing stays hidden', async () => {
    const { code, err } = await spillway(
      ['dlq', 'redrive', '--newer-than', '1h', '--rate', '5', '--local', emulator.endpoint],
      {},
      (child) => {
        const look = setInterval(async () => {
          if ((await jobs()).visible < 10 && child.exitCode === null) return;
          clearInterval(look);
          child.kill('SIGINT');
        }, 50);
      },
    );
    expect(code).toBe(130);
    expect(err).toContain('the others are still dead letters');
    const [left, again] = [await letters(), await jobs()];
    expect(left.hidden).toBe(0);
    expect(again.visible).toBeGreaterThanOrEqual(10);
    expect(left.visible + again.visible).toBe(30);
  });

  test('a redrive that is killed drops nothing', async () => {
    await spillway(
      ['dlq', 'redrive', '--newer-than', '1h', '--rate', '20', '--local', emulator.endpoint],
      {},
      (child) => {
        const look = setInterval(async () => {
          if ((await jobs()).visible < 10 && child.exitCode === null) return;
          clearInterval(look);
          child.kill('SIGKILL');
        }, 20);
      },
    );
    const [left, again] = [await letters(), await jobs()];
    expect(left.visible + left.hidden + again.visible).toBeGreaterThanOrEqual(30);
    expect(again.visible).toBeLessThan(30);
  });

  test('purge deletes what is meant, and refuses without a terminal', async () => {
    const refused = await dlq('purge', '--fault', 'Unattributed');
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('say --yes') });
    const { code, out } = await dlq('purge', '--fault', 'Unattributed', '--yes');
    expect({ code, out }).toEqual({
      code: 0,
      out: '3 dead letters of Unattributed were deleted.\n',
    });
    expect(await letters()).toEqual({ visible: 27, hidden: 0 });
  });

  test('purge without a filter empties the queue, what is hidden too', async () => {
    const QueueUrl = pipeline.deadLetterQueueUrl;
    await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 });
    const { code, out } = await dlq('purge', '--yes');
    expect({ code, out }).toEqual({
      code: 0,
      out: 'The dead-letter queue was emptied of about 30 dead letters.\n',
    });
    expect(await letters()).toEqual({ visible: 0, hidden: 0 });
  });

  test('list comes to an end while letters keep coming, and says which it cannot see', async () => {
    const QueueUrl = pipeline.deadLetterQueueUrl;
    await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 60 });
    let isOver = false;
    const coming = (async () => {
      while (!isOver) await putLetters(QueueUrl, 10);
    })();
    const { code, out, err } = await dlq('list', '--json');
    isOver = true;
    await coming;
    expect(code).toBe(0);
    expect(JSON.parse(err).note).toContain('10 more dead letters could not be seen');
    expect(JSON.parse(out)).toMatchObject({ hidden: 10, isComplete: true });
    expect((await letters()).hidden).toBe(10);
  });

  test('works on AWS by the names of the configuration', async () => {
    const file = join(folder, 'blueprint.ts');
    await writeFile(
      file,
      "export const blueprint = { environments: { dev: { region: 'us-east-1' } } };",
    );
    const variables = { ...awsEnvironment(emulator.endpoint), BLUEPRINT_CONFIG: file };
    const missing = await spillway(['dlq', 'list'], variables);
    expect(missing.code).toBe(1);
    expect(missing.err).toContain(
      'There is no queue spillway-dev-photos-dead-letters: deploy the stacks',
    );
    await sqs.createQueue({ QueueName: 'spillway-dev-photos-dead-letters' });
    const { QueueUrl = '' } = await sqs.getQueueUrl({
      QueueName: 'spillway-dev-photos-dead-letters',
    });
    await putLetters(QueueUrl, 10);
    const { code, out } = await spillway(['dlq', 'list'], variables);
    expect(code).toBe(0);
    expect(out).toContain('10 dead letters (photos in dev)');
  });

  test.each([
    [['list', '--fault', 'Undecodeable'], 'Did you mean Undecodable?'],
    [['list', '--older-than', 'yesterday'], 'It must be a duration'],
    [['redrive', '--rate', '501'], 'It must be a whole number from 1 to 500'],
    [['lst'], "unknown command 'lst'"],
  ])('fails with one sentence on %j', async (words, sentence) => {
    const { code, out, err } = await dlq(...words);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
});
