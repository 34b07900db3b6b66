import { createHandler, type HandlerPorts } from '../../../lambda/scaler/handler';
import {
  type JobMinute,
  type LaunchBatch,
  type LaunchResult,
  NOTHING_LAUNCHED,
  type QueueDepth,
} from '../../../lambda/scaler/ports';
import { type exampleActive, exampleSettings, type exampleStopped, NOW } from './examples';

const settings = exampleSettings({ jobsPerTask: 10 }, { wakeTasks: 2 });

/** What a run of the handler meets. */
export interface Circumstances {
  readonly depth?: Partial<QueueDepth>;
  readonly parameters?: Record<string, string>;
  readonly active?: ReturnType<typeof exampleActive>[];
  readonly stopped?: ReturnType<typeof exampleStopped>[];
  readonly jobMinutes?: readonly JobMinute[];
  readonly free?: Record<string, number>;
  readonly result?: (batch: LaunchBatch) => Partial<LaunchResult>;
}

/** The handler on ports of memory, with the line and the batches of its run. */
export function runnableHandler(
  circumstances: Circumstances,
  ports: Partial<HandlerPorts> = {},
  lines: string[] = [],
) {
  const batches: LaunchBatch[] = [];
  const hidden: (readonly [messageId: string, seconds: number])[] = [];
  let stoppedListed = 0;
  const handler = createHandler({
    now: () => NOW,
    write: (line) => lines.push(line),
    connect: () => ({
      settings,
      ports: {
        queue: {
          depth: async () => ({ backlog: 0, inFlight: 0, delayed: 0, ...circumstances.depth }),
        },
        parameters: {
          read: async () =>
            new Map(Object.entries({ 'task-definition': 'photos:7', ...circumstances.parameters })),
        },
        tasks: {
          active: async () => circumstances.active ?? [],
          stopped: async () => {
            stoppedListed++;
            return circumstances.stopped ?? [];
          },
          launch: async (batch) => {
            batches.push(batch);
            const result = circumstances.result ?? (({ count }) => ({ launched: count }));
            return { ...NOTHING_LAUNCHED, ...result(batch) };
          },
        },
        fleet: { isActive: async () => (circumstances.active ?? []).length > 0 },
        wakeUps: {
          hide: async ({ messageId }, seconds) => {
            hidden.push([messageId, seconds]);
          },
        },
        network: {
          freeAddresses: async () =>
            new Map(Object.entries(circumstances.free ?? { 'subnet-1': 99 })),
        },
        jobMetrics: { recent: async () => circumstances.jobMinutes ?? [] },
        ...ports,
      },
    }),
  });
  const line = () => {
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\{.*\}\n$/);
    return JSON.parse(lines[0] ?? '');
  };
  return { handler, line, batches, hidden, stoppedListed: () => stoppedListed };
}
