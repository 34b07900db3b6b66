import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts, type SourceFacts } from './architecture/imports';
import { RULES, resolve } from './architecture/rules';

const root = join(__dirname, '..');
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs'], {
  cwd: root,
})
  .toString()
  .split('\n')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const facts = files.map((file) => readFacts(file, readFileSync(join(root, file), 'utf8')));

describe('the rooms of the repository', () => {
  test('there are files to look at', () => {
    expect(files).toContain('application-code/worker/src/main.ts');
    expect(files).toContain('lambda/scaler/handler.ts');
  });

  test('every test belongs to a project of jest', () => {
    const jest = require.resolve('jest/bin/jest');
    const listed = execFileSync(process.execPath, [jest, '--listTests'], {
      cwd: root,
      encoding: 'utf8',
    }).split('\n');
    const tests = files.filter((file) => file.endsWith('.test.ts'));
    expect(tests.filter((file) => !listed.includes(join(root, file)))).toEqual([]);
  });

  test.each(RULES)('$name', (rule) => {
    expect(
      facts.flatMap((fact) => rule.broken(fact).map((what) => `${fact.file} ${what}`)),
    ).toEqual([]);
  });

  test('docs/architecture.md names the rooms that each room imports, and no other', () => {
    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([^`]+)` \| .* \| (.*) \|$/gm)].filter(
      ([, , allowed]) => allowed !== 'everything',
    );
    const rooms = rows.map(([, room = '']) => room);
    const roomOf = (path: string) =>
      rooms.find((room) => path === room.replace('.ts', '') || path.startsWith(room));
    const importsOf = (room: string) =>
      facts
        .filter(({ file }) => file.startsWith(room) && !file.endsWith('.test.ts'))
        .flatMap(({ file, imports }) =>
          imports.map(({ specifier }) => roomOf(resolve(file, specifier))),
        )
        .filter((target) => target !== undefined && target !== room);
    const told = rows.map(([, room, allowed = '']) => [
      room,
      [...allowed.matchAll(/`([^`]+)`/g)]
        .map(([, one = '']) => roomOf(one))
        .filter(Boolean)
        .sort(),
    ]);
    expect(rooms.length).toBeGreaterThan(8);
    expect(rooms.map((room) => [room, [...new Set(importsOf(room))].sort()])).toEqual(told);
  });

  test('no files import each other in a circle', () => {
    expect(cycles(facts)).toEqual([]);
  });
});

describe('the rules themselves fail', () => {
  test.each([
    ['cdktf is imported only', 'lambda/scaler/a.ts', "import { App } from 'cdktf';"],
    [
      'cdktf is imported only',
      'local/a.ts',
      "const q = require('@cdktf/provider-aws/lib/sqs-queue');",
    ],
    ['contract/ is pure', 'contract/a.ts', "import { x } from '../local/cost';"],
    ['contract/ is pure', 'contract/a.ts', "import { App } from 'cdktf';"],
    ['contract/ is pure', 'contract/a.ts', "import type { S3Client } from '@aws-sdk/client-s3';"],
    [
      'contract/ is pure',
      'contract/a.ts',
      "import { DEFAULT_NAME } from '../stacks/config/schema';",
    ],
    ['types and constants', 'contract/a.ts', "import { parseKnob } from '../lambda/scaler/knobs';"],
    [
      'types and constants',
      'contract/a.ts',
      "import { type Knobs, parseKnob } from '../lambda/scaler/knobs';",
    ],
    [
      'types and constants',
      'contract/a.ts',
      "import { parseKnob as PARSE } from '../lambda/scaler/knobs';",
    ],
    ['types and constants', 'contract/a.ts', "import * as knobs from '../lambda/scaler/knobs';"],
    [
      'types and constants',
      'contract/a.ts',
      "export { parseKnob as PARSE } from '../lambda/scaler/knobs';",
    ],
    ['types and constants', 'contract/a.ts', "import '../lambda/scaler/handler';"],
    ['types and constants', 'contract/a.ts', "import { LIMIT } from '../lambda/scaler/aws/ecs';"],
    ['text/ is the ground', 'text/a.ts', "import { walk } from '../folder/walk';"],
    ['folder/ is the ground', 'folder/a.ts', "import { LocalModeError } from '../local/ports';"],
    ['stacks/ describes', 'stacks/a.ts', "import { S3Client } from '@aws-sdk/client-s3';"],
    [
      'its tests import no AWS SDK',
      'stacks/a.test.ts',
      "import { S3Client } from '@aws-sdk/client-s3';",
    ],
    ['stacks/ describes', 'stacks/delivery/a.ts', "import { costOf } from '../../local/cost';"],
    ['stacks/ describes', 'main.ts', "import { costOf } from './local/cost';"],
    [
      'local/ knows',
      'local/a.ts',
      "import { Pipeline } from '../stacks/queue-processing/pipeline';",
    ],
    ['local/ knows', 'local/a.ts', "import { RULES } from '../stacks/config/rules/rules';"],
    ['stacks/config/ can be read', 'stacks/config/a.ts', "import { Fn } from 'cdktf';"],
    [
      'stacks/config/ can be read',
      'stacks/config/a.ts',
      "import { Zone } from '../core-infra/zones';",
    ],
    ['@aws-sdk/*', 'application-code/worker/src/job/a.ts', "export * from '@aws-sdk/client-s3';"],
    [
      'process.env',
      'application-code/worker/src/job/a.ts',
      'export const region = process.env.AWS_REGION;',
    ],
    ['a dataset', 'dataset/a.ts', "import { s3 } from '../application-code/worker/src/aws/s3';"],
    ['a private member', 'cli/a.ts', 'export class A { #held = 1; }'],
    ['a private member', 'cli/a.ts', 'export class A { #take() {} }'],
    ['clock and chance', 'lambda/scaler/scale.ts', 'export const now = () => Date.now();'],
    ['clock and chance', 'simulator/a.ts', 'export const now = () => new Date();'],
    [
      'the simulator is pure',
      'simulator/a.ts',
      "import { blueprint } from '../stacks/config/load';",
    ],
    ['only an entry ends', 'application-code/worker/src/worker.ts', 'process.exit(1);'],
    ['a time is printed', 'cli/a.ts', 'export const at = (one: Date) => one.toLocaleTimeString();'],
    ['a time is printed', 'local/view/a.ts', 'export const at = () => new Date(0).getHours();'],
    ['the core knows', 'application-code/worker/src/job/a.ts', "import { s3 } from '../aws/s3';"],
    ['cli/ knows', 'cli/a.ts', "import { Pipeline } from '../stacks/queue-processing/pipeline';"],
    ['cli/ knows', 'cli/commands/a.ts', "import { run } from '../../local/run';"],
    ['cli/ knows', 'cli/a.ts', "import { createTasks } from '../lambda/scaler/aws/tasks';"],
    ['a command of cli/', 'cli/commands/a.ts', "import { SSMClient } from '@aws-sdk/client-ssm';"],
    [
      'a command of cli/',
      'cli/commands/a.ts',
      "import { createImages } from '../../deployer/aws/ecr';",
    ],
    ['nothing but tests imports cli/', 'deployer/a.ts', "import { one } from '../cli/one';"],
    [
      'scaler stands alone',
      'lambda/scaler/a.ts',
      "import { x } from '../../application-code/worker/src/job/keys';",
    ],
    [
      'worker stands alone',
      'application-code/worker/src/a.ts',
      "import { render } from '../../images/render/render';",
    ],
    ['the core knows', 'deployer/canary/canary.ts', "import { createTasks } from './aws/ecs';"],
    ['clock and chance', 'deployer/canary/canary.ts', 'export const now = () => Date.now();'],
    [
      'and takes what is pure',
      'deployer/a.ts',
      "import { Pipeline } from '../stacks/queue-processing/pipeline';",
    ],
    [
      'and takes what is pure',
      'deployer/a.ts',
      "import { saysNo } from '../lambda/scaler/aws/launch-failure';",
    ],
    [
      'and takes what is pure',
      'deployer/a.ts',
      "import { s3 } from '../application-code/worker/src/aws/s3';",
    ],
    ['the deployer knows no picture', 'deployer/a.ts', "import sharp from 'sharp';"],
    [
      'the deployer knows no picture',
      'deployer/a.ts',
      "import { FORMATS } from '../application-code/images/formats';",
    ],
    ['S3 events are written by', 'cli/a.ts', "export const name = 'ObjectCreated:Put';"],
    [
      'decide.ts and scaling.ts are pure',
      'lambda/scaler/decision/decide.ts',
      "import { log } from './log';",
    ],
    ['nothing outside tests', 'local/a.ts', "import { x } from '../test/e2e/photos';"],
    ['nothing outside tests', 'cli/a.ts', "import { FakeQueue } from '../test/fakes/queue';"],
    ['nothing outside tests', 'lambda/scaler/a.ts', "import { x } from './decide.test';"],
    ['a fake stands in', 'cli/aws/fake-queue.ts', ''],
    ['a fake stands in', 'local/fargate/queue-double.ts', ''],
    ['a fake stands in', 'deployer/fakes/a.ts', ''],
    ['odds and ends', 'local/utils/a.ts', ''],
    ['at most 250 lines', 'local/a.ts', 'x;\n'.repeat(251)],
  ])('%s … is broken by a line in %s', (name, file, source) => {
    const rule = RULES.find((candidate) => candidate.name.includes(name));
    expect(rule?.broken(readFacts(file, source))).toHaveLength(1);
  });

  test.each([
    ['contract/a.ts', "import { KNOB_NAMES, type Knobs } from '../lambda/scaler/knobs';"],
    ['contract/a.ts', "import type { Knobs } from '../lambda/scaler/knobs';"],
    ['contract/a.ts', "import type { Reads } from '../lambda/scaler/aws/ecs';"],
    ['stacks/a.test.ts', "import { costOf } from '../local/cost';"],
    ['local/a.ts', "import { DEFAULT_NAME } from '../stacks/config/schema';"],
    ['stacks/a.ts', "import { App } from 'cdktf';"],
    ['cli/a.ts', "import { loadBlueprint } from '../stacks/config/load-config';"],
    ['cli/aws/a.ts', "import { createImages } from '../../deployer/aws/ecr';"],
  ])('none is broken in %s by %s', (file, source) => {
    expect(RULES.flatMap((rule) => rule.broken(readFacts(file, source)))).toEqual([]);
  });

  test('a type that is imported from an adapter’s room makes no circle, a value does', () => {
    const a = readFacts('x/a.ts', "import { b } from './b'; export const a = b;");
    const typed = readFacts('x/b.ts', "import type { a } from './a'; export const b = 1;");
    const valued = readFacts('x/b.ts', "import { a } from './a'; export const b = a;");
    expect(cycles([a, typed])).toEqual([]);
    expect(cycles([a, valued])).toEqual(['x/a.ts → x/b.ts → x/a.ts']);
  });
});

/** Every circle of value imports, named once, from its first file in the order given. */
function cycles(all: readonly SourceFacts[]): string[] {
  const byFile = new Map(all.map((fact) => [fact.file, fact]));
  const found: string[] = [];
  const finished = new Set<string>();
  const follow = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.push([...path.slice(start), file].join(' → '));
    if (start >= 0 || finished.has(file)) return;
    for (const { specifier, typeOnly } of byFile.get(file)?.imports ?? []) {
      const target = `${resolve(file, specifier)}.ts`;
      if (!typeOnly && byFile.has(target)) follow(target, [...path, file]);
    }
    finished.add(file);
  };
  for (const { file } of all) follow(file, []);
  return found;
}
