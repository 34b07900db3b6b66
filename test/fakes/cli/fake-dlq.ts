import type { Move } from '../../../cli/ports/queues';
import { FakeOperatorQueue } from './fake-queue';
import { NOW, type Surroundings, tryCommand } from './fake-session';

const HOUR = 3_600_000;
export const WORK = 'spillway-dev-photos-work';
export const LETTERS = 'spillway-dev-photos-dead-letters';
/** What a command says of letters that it could not see, after their number. */
export const UNSEEN = ' more dead letters could not be seen, since ';

export type FakeDlq = ReturnType<typeof fakeDlq>;

/** Thirteen dead letters, an hour apart: 8 Undecodable, 4 AccessDenied, one that SQS moved. */
export function fakeDlq() {
  const clock = { now: NOW };
  const dlq = {
    clock,
    work: new FakeOperatorQueue(() => clock.now),
    letters: new FakeOperatorQueue(() => clock.now),
    /** Names of the scalers that were run. */
    invocations: [] as string[],
    /** The move that SQS makes; absent: the endpoint has no such call. */
    move: undefined as Move | undefined,
    /** What that move was asked for with. */
    moved: [] as unknown[],
    /** Another operator looks at this many letters for 30 seconds. */
    hide: (count: number) => dlq.letters.receive(count, 30),
    run: (line: string, more: Surroundings = {}) =>
      tryCommand(line, {
        clock,
        ...more,
        account: {
          queues: {
            open: async (name) => {
              const queue = { [WORK]: dlq.work, [LETTERS]: dlq.letters }[name];
              if (queue) return queue;
              throw new Error(`no queue ${name}`);
            },
            moveAll: async (...how) => {
              dlq.moved = how;
              return dlq.move;
            },
          },
          scaler: {
            variables: async () => ({}),
            lastRun: async () => undefined,
            invoke: async (name, event) => {
              dlq.invocations.push(name);
              return { ...event };
            },
          },
        },
      }),
  };
  for (let number = 1; number <= 12; number += 1) {
    const attributes = {
      FaultCode: number % 3 === 0 ? 'AccessDenied' : 'Undecodable',
      FaultMessage: 'Because.',
      SourceKey: `ecsproc%2F${number}.jpg`,
      FailedAt: new Date(NOW - number * HOUR).toISOString(),
    };
    dlq.letters.put(`body ${number}`, attributes, NOW - number * HOUR);
  }
  dlq.letters.put('{"Records":[]}', {}, NOW - 9 * HOUR);
  return dlq;
}
