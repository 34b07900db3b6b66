import type { Call } from '../call';
import { scalerFaults } from './scaler-faults';

const LAUNCHED = { status: 200, headers: {}, body: Buffer.alloc(0) };
const runTask = (clientToken: string): Call => ({
  service: 'ecs',
  operation: 'RunTask',
  who: 'scaler-1',
  input: { clientToken, count: 2 },
});

test('a launch that took effect is never refused for want of room when it is repeated', () => {
  const faults = scalerFaults();
  const refusing = () =>
    faults.filter(({ kind, canStrike }) => /resource|capacity|partial/.test(kind) && canStrike(runTask('a')));
  expect(refusing()).toHaveLength(3);
  for (const { observe } of faults) observe?.(runTask('b'), LAUNCHED);
  expect(refusing()).toHaveLength(3);
  for (const { observe } of faults) observe?.(runTask('a'), LAUNCHED);
  expect(refusing()).toEqual([]);
});
