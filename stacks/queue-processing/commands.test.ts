import { execFileSync, spawnSync } from 'node:child_process';
import { switchOnCommand, uploadCommand } from './commands';

const QUEUES = {
  QueueConfigurations: [{ Id: 'theirs', QueueArn: 'arn:q', Events: ['s3:ObjectCreated:*'] }],
};

/** Runs the command with a shell function for `aws`; returns what it would have put. */
function run(answer: string, exitCode = 0) {
  const aws = `aws() {
    case "$2" in
      get-*) printf %s "$ANSWER"; return ${exitCode};;
      put-*) while [ $# -gt 1 ]; do shift; done; printf 'put %s' "$1";;
    esac
  }`;
  const { status, stdout } = spawnSync(
    'sh',
    ['-c', `${aws}\n${switchOnCommand('theirs', 'eu-west-1')}`],
    { env: { ...process.env, ANSWER: answer }, encoding: 'utf8' },
  );
  return { status, put: stdout.startsWith('put ') ? JSON.parse(stdout.slice(4)) : stdout };
}

describe('switchOnCommand', () => {
  test('names bucket and region in both calls, on one line without Terraform templates', () => {
    const command = switchOnCommand('theirs', 'eu-west-1');
    expect(command.match(/--bucket theirs --region eu-west-1/g)).toHaveLength(2);
    expect(command).not.toMatch(/\n|\$\{|%\{/);
  });

  test.each([
    ['a bucket without notifications', '', {}],
    ['a bucket with the notifications of others', JSON.stringify(QUEUES), QUEUES],
    ['a bucket that has it on', JSON.stringify({ EventBridgeConfiguration: {} }), {}],
  ])('switches EventBridge on for %s', (_bucket, answer, kept) => {
    expect(run(answer)).toEqual({ status: 0, put: { ...kept, EventBridgeConfiguration: {} } });
  });

  test('fails when the notifications cannot be read, and writes nothing', () => {
    expect(run('', 254)).toEqual({ status: 254, put: '' });
  });

  test('fails when the answer is not JSON, and writes nothing', () => {
    expect(run('<html>')).toEqual({ status: 1, put: '' });
  });
});

describe('uploadCommand', () => {
  test('is one plain line', () => {
    expect(uploadCommand('bucket', 'ecsproc/', 'eu-west-1')).toBe(
      'aws s3 cp ./photos s3://bucket/ecsproc/ --recursive --region eu-west-1',
    );
  });

  test.each(['', 'ecsproc/', 'my photos/', "it's $HOME/", 'a;b/', 'Été/'])(
    'passes the prefix `%s` to the command as one word, unchanged',
    (prefix) => {
      const line = uploadCommand('bucket', prefix, 'us-east-1').replace(/^aws/, "printf '%s\\n'");
      const words = execFileSync('sh', ['-c', line]).toString().trimEnd().split('\n');
      expect(words).toEqual([
        's3',
        'cp',
        './photos',
        `s3://bucket/${prefix}`,
        '--recursive',
        '--region',
        'us-east-1',
      ]);
    },
  );
});
