import { type LoopbackServer, startLoopbackServer } from '../../../local/ecs/aws-http';
import type { Pipeline } from '../../../local/ports';
import type { FaultKind } from '../fault-kinds';
import { History } from '../history';
import { scalerRuns } from '../scaler-runs';
import { kindsOf, striking } from './striking';

const MINUTE = '2026-01-01T00:00:00.000Z';
const NEXT_MINUTE = '2026-01-01T00:01:00.000Z';

/** Minutes of the invocations that the function has had. */
const minutes: string[] = [];
let lambda: LoopbackServer;

beforeAll(async () => {
  lambda = await startLoopbackServer(({ body }, outgoing) => {
    minutes.push(JSON.parse(body.toString()).scheduledTime);
    outgoing.end('{}');
  });
});
afterAll(() => lambda.stop());

const RUNS: readonly [string, FaultKind, readonly string[]][] = [
  ['two minutes at once', 'scaler-overlaps', [MINUTE, NEXT_MINUTE]],
  ['the same minute twice', 'scaler-runs-twice', [MINUTE, MINUTE]],
];

test.each(RUNS)('the scaler runs for %s', async (_what, kind, expected) => {
  minutes.length = 0;
  const history = new History();
  const pipeline = { endpoint: lambda.endpoint, scalerFunctionName: 'scaler' } as Pipeline;
  expect(await scalerRuns(pipeline, striking(kind, history), history, new Date(MINUTE))).toEqual(
    [],
  );
  expect([minutes.sort(), history.faults().get(kind)]).toEqual([expected, 1]);
});

test('every fault of a run has struck here', () => {
  expect(RUNS.map(([, kind]) => kind).sort()).toEqual(kindsOf('run').sort());
});
