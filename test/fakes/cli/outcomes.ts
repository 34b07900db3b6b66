import type { Outcome } from '../../../simulator/outcome';

/** The outcome of a small simulation, without samples. */
export function outcomeOf(change: Partial<Outcome>): Outcome {
  const tasks = { FARGATE: 1, FARGATE_SPOT: 3 };
  const line = { what: 'S3', price: 'S3', kind: 's3', dollars: 5.8 } as const;
  return {
    name: 'default',
    seed: 1,
    objects: { arrived: 1_000, done: 998, left: 2, expired: 0, doneTwice: 0 },
    endSeconds: 600,
    waitSeconds: { median: 30, p95: 365 },
    tasks: {
      most: 4,
      mostByProvider: tasks,
      launched: tasks,
      interrupted: 0,
      billedSeconds: tasks,
      spotShare: 0.75,
    },
    bill: { lines: [line, { ...line, kind: 'FARGATE_SPOT', dollars: 0.91 }], dollars: 6.71 },
    limits: [{ what: 'max-tasks', runs: 3, advice: 'max-tasks of 4 was met: raise it.' }],
    sampleSeconds: 60,
    samples: [],
    ...change,
  };
}
