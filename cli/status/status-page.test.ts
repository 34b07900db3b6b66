import { fakePipeline } from '../../test/fakes/cli/fake-pipeline';
import { NOW, runCommand } from '../../test/fakes/cli/fake-session';

test('status shows how far jobs are, the newest word first', async () => {
  const { pipeline, account } = fakePipeline();
  const looked: unknown[] = [];
  pipeline.progress = async (group, from) => {
    looked.push([group, NOW - from.getTime()]);
    return [3, 9, 1, 2, 4, 8, 7].map((seconds) => ({
      ...{ key: `in/${seconds}\u001b.zip`, fraction: seconds / 10, text: 'frames' },
      at: NOW - seconds * 1_000,
    }));
  };
  const { text } = await runCommand('status', { account });
  expect(text).toContain(
    'in progress   in/1\\u001b.zip: 10 % frames (1 s ago)\n              in/2',
  );
  expect(text).toContain('in/7\\u001b.zip: 70 % frames (7 s ago)\n              and 2 more\n');
  expect(looked).toEqual([['/spillway/dev/photos/worker', 60_000]]);
  const { jobs } = JSON.parse((await runCommand('status --json', { account })).text);
  expect(jobs).toHaveLength(7);
  expect(jobs[0]).toMatchObject({ key: 'in/1\u001b.zip', fraction: 0.1, text: 'frames' });
});
