import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..');
const SOURCE = 'lambda/scaler/decision/decide.ts';
const ARCHIVE = 'lambda/scaler/dist/scaler.zip';
const BUNDLE = 'lambda/scaler/dist/index.js';

describe('the bundle of the scaler', () => {
  let checkout: string;
  const at = (...path: string[]) => join(checkout, ...path);
  const build = () =>
    promisify(execFile)(process.execPath, ['build.mjs', 'lambda/scaler'], { cwd: checkout });
  const made = async () => (await stat(at(ARCHIVE), { bigint: true })).mtimeNs;

  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'spillway-bundle-'));
    for (const name of ['build.mjs', 'package.json', 'tsconfig.json'])
      await cp(join(ROOT, name), at(name));
    const isSource = (path: string) => !/\/(dist|node_modules)(\/|$)/.test(path.slice(ROOT.length));
    for (const room of ['lambda', 'text'])
      await cp(join(ROOT, room), at(room), { recursive: true, filter: isSource });
    await symlink(join(ROOT, 'node_modules'), at('node_modules'));
    await build();
  });
  afterAll(() => rm(checkout, { recursive: true }));

  test('has the operations of the SDK that the scaler calls, and no other', async () => {
    const code = await readFile(at(BUNDLE), 'utf8');
    const operations = [
      ...['GetParametersByPath', 'GetQueueAttributes', 'ChangeMessageVisibility'],
      ...['ListTasks', 'DescribeTasks', 'RunTask', 'DescribeSubnets', 'GetMetricData'],
    ];
    const others = [
      'PutParameter',
      'PutMetricData',
      'SendMessage',
      'StopTask',
      'CreateService',
      'DescribeVpcs',
      'RunInstances',
    ];
    const found = [...operations, ...others].filter((name) =>
      code.includes(`${name}Command = class`),
    );
    expect(found).toEqual(operations);
    expect(code).not.toContain('DescribeVpcsRequest');
  });

  test('is not made of code that is wrong: one sentence says where', async () => {
    const text = await readFile(at(SOURCE), 'utf8');
    const saidOf = async (source: string) => {
      await writeFile(at(SOURCE), source);
      const { code, stderr } = await build().catch(Object);
      await writeFile(at(SOURCE), text);
      return [code, stderr];
    };
    const began = `The code could not be built: ${SOURCE}:1:`;
    expect(await saidOf('export const = 1;')).toEqual([
      1,
      `${began}14: Expected identifier but found "=". Fix it, and run the command again.\n`,
    ]);
    expect(await saidOf("export * from 'no-such-package';")).toEqual([
      1,
      `${began}15: Could not resolve "no-such-package". Run \`npm ci\` in the checkout, and run ` +
        'the command again.\n',
    ]);
  });

  test('is not made again when nothing has changed but the workloads', async () => {
    const before = await made();
    await mkdir(at('application-code/mine'), { recursive: true });
    await build();
    expect(await made()).toBe(before);
  });

  test.each<[title: string, change: () => Promise<unknown>]>([
    [
      'a source has changed',
      async () =>
        writeFile(
          at(SOURCE),
          `${await readFile(at(SOURCE), 'utf8')}\nexport const more = Math.random();\n`,
        ),
    ],
    ['what was made is damaged', () => writeFile(at(ARCHIVE), '')],
    ['what was made is gone', () => rm(at(ARCHIVE))],
    ['its record is damaged', () => writeFile(at('lambda/scaler/dist/made-of.json'), '{')],
  ])('is made again when %s', async (_title, change) => {
    const before = await made();
    await change();
    await build();
    expect(await made()).not.toBe(before);
    expect((await stat(at(ARCHIVE))).size).toBeGreaterThan(1_000);
  });
});
