import { spawnSync } from 'node:child_process';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { startEmulator } from '../../local/emulator/start-emulator';
import { awsEnvironment, LOCAL_CREDENTIALS, LOCAL_REGION } from '../../local/environment';
import type { Emulator } from '../../local/ports';
import { switchOnCommand } from '../../stacks/queue-processing/commands';

const installed = spawnSync('aws', ['--version']).status === 0;
const testWithCli = installed ? test : test.skip;

describe(
  'the command that switches EventBridge ' +
    `on${installed ? '' : ' (skipped: there is no `aws` command on this machine)'}`,
  () => {
    let emulator: Emulator;
    let s3: S3;
    let sqs: SQS;

    beforeAll(async () => {
      emulator = await startEmulator();
      const access = {
        endpoint: emulator.endpoint,
        region: LOCAL_REGION,
        credentials: LOCAL_CREDENTIALS,
      };
      s3 = new S3({ ...access, forcePathStyle: true });
      sqs = new SQS(access);
    });

    afterAll(async () => {
      s3.destroy();
      sqs.destroy();
      await emulator.stop();
    });

    /**
     * The user's command, word for word; the CLI is told the endpoint by argument, since an old one
     * ignores the variable.
     */
    const run = (bucket: string) => {
      const aws = `aws() { command aws --endpoint-url '${emulator.endpoint}' "$@"; }`;
      const { status, stdout, stderr } = spawnSync(
        'sh',
        ['-c', `${aws}\n${switchOnCommand(bucket, LOCAL_REGION)}`],
        {
          env: { ...process.env, ...awsEnvironment(emulator.endpoint), AWS_DEFAULT_OUTPUT: 'text' },
          encoding: 'utf8',
        },
      );
      return { status, said: `${stdout}${stderr}` };
    };
    const notificationsOf = async (Bucket: string) => {
      const { $metadata, ...all } = await s3.getBucketNotificationConfiguration({ Bucket });
      return all;
    };

    testWithCli('works on a bucket without notifications, and again', async () => {
      await s3.createBucket({ Bucket: 'empty' });
      for (const _time of ['first', 'second']) {
        expect(run('empty')).toEqual({ status: 0, said: '' });
        expect(await notificationsOf('empty')).toEqual({ EventBridgeConfiguration: {} });
      }
    });

    testWithCli('keeps the notifications that the bucket has', async () => {
      const theirs = await notifyTheirQueue();
      const before = await notificationsOf(theirs);
      expect(before.QueueConfigurations).toHaveLength(1);
      expect(run(theirs)).toEqual({ status: 0, said: '' });
      expect(await notificationsOf(theirs)).toEqual({ ...before, EventBridgeConfiguration: {} });
    });

    testWithCli('fails when there is no such bucket', () => {
      const { status, said } = run('nobodys');
      expect(status).not.toBe(0);
      expect(said).toContain('NoSuchBucket');
    });

    async function notifyTheirQueue(): Promise<string> {
      const Bucket = 'theirs';
      await s3.createBucket({ Bucket });
      const { QueueUrl } = await sqs.createQueue({ QueueName: 'theirs' });
      const { Attributes } = await sqs.getQueueAttributes({
        QueueUrl,
        AttributeNames: ['QueueArn'],
      });
      const Filter = {
        Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'été "1" $(x)/' }] },
      };
      const queue = {
        Id: 'theirs',
        QueueArn: Attributes?.QueueArn,
        Events: ['s3:ObjectCreated:*' as const],
        Filter,
      };
      await s3.putBucketNotificationConfiguration({
        Bucket,
        NotificationConfiguration: { QueueConfigurations: [queue] },
      });
      return Bucket;
    }
  },
);
