import type { TaskView } from '../../../local/ports';

/** A worker of a few milliseconds that does what `BEHAVIOUR` says; its job line comes first. */
export const FAKE_WORKER = `
const behaviour = process.env.BEHAVIOUR;
if (behaviour === 'drain') process.on('SIGTERM', () => process.exit(0));
if (behaviour === 'stubborn') process.on('SIGTERM', () => undefined);
if (['drain', 'stubborn', 'wait'].includes(behaviour)) setInterval(() => undefined, 1000);
const say = (line) => console.log(JSON.stringify(line));
say({ event: 'job', outcome: 'done', messageId: 'm-1', key: 'a b.jpg', receiveCount: 1 });
if (behaviour === 'tell') {
  require('node:fs').writeFileSync('left-behind', '');
  say({ environment: process.env, folder: process.cwd() });
}
if (behaviour === 'fail') {
  console.error('it broke');
  process.exitCode = 75;
}
`;

/** What a task runner told a test. */
export interface RunnerReports {
  readonly jobs: [key: string | undefined, taskArn: string][];
  readonly stopped: Map<string, { readonly task: TaskView; readonly logTail: readonly string[] }>;
}
