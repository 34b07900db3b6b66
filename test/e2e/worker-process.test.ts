import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FakeAws } from '../fakes/aws-server';
import { workerProcess } from '../fakes/environments';

const bundle = join(__dirname, '../../application-code/images/dist/main.js');
const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, [bundle, ...args], { env, encoding: 'utf8', timeout: 60_000 });

describe('the worker’s bundle', () => {
  test('checks itself without any AWS', () => {
    const { status, stdout } = run(['--self-test'], {});
    expect(stdout).toMatch(/\bsharp \d+\.\d+\.\d+/);
    expect(stdout).toMatch(/\bvips \d+\.\d+/);
    for (const format of ['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'])
      expect(stdout).toContain(format);
    expect(status).toBe(0);
  });

  test.each([
    ['lean', /^spillway-worker/],
    ['sdk', /^aws-sdk-js/],
  ])('asks the queue by the client %s', async (client, userAgent) => {
    const aws = await FakeAws.start();
    aws.returns({});
    const worker = spawn(process.execPath, [bundle], {
      env: { ...workerProcess(aws.endpoint), AWS_CLIENT: client, IDLE_EXIT_SECONDS: '1' },
      stdio: 'ignore',
    });
    const [code] = await once(worker, 'exit');
    await aws.stop();
    expect(code).toBe(0);
    expect(aws.received[0]?.headers).toMatchObject({
      'x-amz-target': 'AmazonSQS.ReceiveMessage',
      'user-agent': expect.stringMatching(userAgent),
    });
  });

  test('fails when variables are missing or wrong, with one message that names every fault', () => {
    const { status, stdout, stderr } = run([], {
      QUEUE_URL: 'http://127.0.0.1:1/123456789012/work',
      JOB_CONCURRENCY: '-1',
      RECIPE: '[{"name":"..","width":"ten","fitt":"inside"}]',
    });
    expect(status).toBe(2);
    const said = stdout + stderr;
    for (const name of [
      'DEAD_LETTER_QUEUE_URL',
      'SOURCE_BUCKET',
      'DESTINATION_BUCKET',
      'JOB_CONCURRENCY',
    ]) {
      expect(said).toContain(name);
    }
    for (const part of ['width', 'fitt', 'fit', 'ten', '-1']) expect(said).toContain(part);
  });
});
