import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../fakes/eventually';
import { spillway } from './spillway-child';

const root = join(__dirname, '../..');

test('a local run that is kept says the command with which an operator looks at it', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'spillway-kept-'));
  await mkdir(join(scratch, 'tmp'));
  await mkdir(join(scratch, 'photos'));
  await cp(join(root, 'samples/IMG_0001.JPG'), join(scratch, 'photos/a.jpg'));
  await cp(join(root, 'samples/broken.jpg'), join(scratch, 'photos/broken.jpg'));
  const words = [
    'local/start.mjs',
    join(scratch, 'photos'),
    '--keep',
    '--out',
    join(scratch, 'out'),
  ];
  const child = spawn(process.execPath, words, {
    cwd: root,
    env: { ...process.env, TMPDIR: join(scratch, 'tmp') },
  });
  const ended = once(child, 'exit');
  try {
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => said.push(chunk));
    const printed = () => Buffer.concat(said).toString();
    const told = /npx spillway (status --local http:\/\/\S+)/;
    await eventually(() => told.test(printed()));
    const command = told.exec(printed())?.[1] ?? '';
    const status = await spillway(`${command} --json`.split(' '));
    expect(status).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(status.out)).toMatchObject({
      backlog: 0,
      deadLetters: 1,
      lastRun: { launched: expect.any(Number) },
    });
    const local = command.split(' ').slice(1);
    const revisions = await spillway(['revisions', ...local]);
    expect(revisions).toMatchObject({
      code: 0,
      out: expect.stringMatching(/Promoted: .* revision 1\.\n$/),
    });
    const doctor = JSON.parse((await spillway(['doctor', '--json', ...local])).out);
    expect(doctor.findings).toMatchObject([{ code: 'dead-letters' }]);
    expect(doctor.unseen).toContainEqual({
      what: 'subscriptions of the topics',
      why: 'a local run has no alarms',
    });
    const letters = await spillway(['dlq', 'show', ...local]);
    expect(letters.out).toContain('key       ecsproc/broken.jpg');
  } finally {
    child.kill('SIGINT');
    await ended;
    await rm(scratch, { recursive: true, force: true });
  }
}, 120_000);
