import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { spillway } from './spillway-child';

describe('spillway, before it reaches anything', () => {
  test.each([
    ['without a command', [], 'Usage: spillway COMMAND'],
    [
      'for dlq without one of its own',
      ['dlq'],
      'Usage: spillway dlq list | show | redrive | purge',
    ],
  ])('shows its help %s on stdout and ends with 0', async (_when, words, usage) => {
    expect(await spillway(words)).toEqual({
      code: 0,
      out: expect.stringContaining(usage),
      err: '',
    });
  });

  test.each([
    [['set'], '`npx spillway set --help`'],
    [['dlq', 'lst'], '`npx spillway dlq --help`'],
    [['dlq', 'list', '--ol'], '`npx spillway dlq list --help`'],
    [['stats'], '`npx spillway --help`'],
  ])('fails on %j with the help of what was meant', async (words, help) => {
    expect(await spillway(words)).toEqual({
      code: 2,
      out: '',
      err: expect.stringContaining(`${help} shows how it is used.`),
    });
  });

  test('reads what only a check-up asks of AWS from a file of its own', async () => {
    const dist = join(__dirname, '../../cli/dist');
    const hasSubnets = async (file: string) =>
      (await readFile(join(dist, file), 'utf8')).includes('DescribeSubnetsCommand =');
    expect(await hasSubnets('main.js')).toBe(false);
    expect(await hasSubnets('checkup-clients.js')).toBe(true);
  });

  test('fails without credentials, and names the profile that was asked for', async () => {
    const variables = {
      AWS_PROFILE: 'unknown',
      AWS_EC2_METADATA_DISABLED: 'true',
      HOME: '/nowhere',
    };
    const { code, err } = await spillway(['status', '-e', 'dev'], variables);
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringContaining('AWS_PROFILE is "unknown"'),
    });
  });
});
