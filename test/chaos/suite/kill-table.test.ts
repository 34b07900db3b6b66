import { startEmulator } from '../../../local/emulator/start-emulator';
import type { Emulator } from '../../../local/ports';
import { killTable, tableText } from '../kill-table/kill-table';
import { makeStories } from '../kill-table/stories';

/** Of the stories; all of them are played by `npm run test:chaos -- --kill-table`. */
const SHORTEST = 2;
const AT_ONCE = 4;

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
}, 60_000);
afterAll(() => emulator.stop());

test('a worker may die before and after every effect of a job: it ends as it should', async () => {
  const stories = (await makeStories()).slice(0, SHORTEST);
  const { rows, holes } = await killTable(emulator.endpoint, stories, AT_ONCE);
  process.stderr.write(`${tableText(rows)}\n`);
  expect(holes).toEqual([]);
  expect(rows.map(({ effect }) => effect.split(' ')[0])).toEqual(
    expect.arrayContaining([
      'ReceiveMessage',
      'GetObject',
      'PutObject',
      'HeadObject',
      'SendMessage',
      'DeleteMessageBatch',
    ]),
  );
}, 300_000);
