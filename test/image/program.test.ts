import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newWorkload } from '../../cli/new/new-workload';
import { whyNoBuilder } from './builder';
import { ARCHITECTURE } from './image-build';
import { startImage } from './start-image';
import { openWorkloadImage, type WorkloadImage } from './workload-image';

const MINUTES = 60_000;
/** Refuses a line without an end, and says who it is. */
const PROGRAM = `#!/bin/sh
set -eu
read -r line < "$JOB_INPUT" || { echo 'the line has no end' >&2; exit 65; }
mkdir "$JOB_OUTPUT/of"
echo "$(id -u) read $line" > "$JOB_OUTPUT/of/$(basename "$SOURCE_KEY").upper"
`;
const missing = whyNoBuilder();
const rehearse = missing ? describe.skip : describe;

rehearse(`the image of a program${missing ? ` (skipped: ${missing})` : ''}`, () => {
  let opened: WorkloadImage;

  beforeAll(async () => {
    const workingFolder = await mkdtemp(join(tmpdir(), 'spillway-program-'));
    await writeFile(join(workingFolder, 'shout.sh'), PROGRAM);
    opened = await openWorkloadImage('shout', async (applicationCode) => {
      const options = { name: 'shout', command: './shout.sh', outputs: ['of/{name}.upper'] };
      await newWorkload(options, { applicationCode, workingFolder, path: '' });
      // An archive of the source may lose it.
      await chmod(join(applicationCode, 'shout/shout.sh'), 0o644);
    });
    await rm(workingFolder, { recursive: true });
  }, 5 * MINUTES);

  afterAll(() => opened?.close(), MINUTES);

  test('is its base image with the engine, and says whose it is', () => {
    expect(opened.image.config).toMatchObject({
      User: '10001:10001',
      WorkingDir: '/opt/spillway/workload',
      Volumes: { '/scratch': {} },
      Labels: {
        'org.opencontainers.image.title': 'shout',
        'org.opencontainers.image.version': expect.stringMatching(`^${ARCHITECTURE}-`),
      },
    });
  });

  test(
    'does the jobs of the bucket as a plain user on a read-only root',
    async () => {
      const { image, tasks } = opened;
      await tasks.send('pages/a.txt', Buffer.from('hello\n'));
      await tasks.send('cut.txt', Buffer.from('no end'));
      const task = startImage(image, { ...tasks.variables, IDLE_EXIT_SECONDS: '1' });
      expect(await task.ended).toBe(0);
      const { renditions, deadLetters } = await tasks.outcome();
      expect([...renditions].map(([key, body]) => [key, body.toString()])).toEqual([
        ['processed/of/pages/a.txt.upper', '10001 read hello\n'],
      ]);
      expect(deadLetters).toMatchObject([
        { code: 'JobRejected', message: expect.stringContaining('the line has no end') },
      ]);
    },
    MINUTES,
  );
});
