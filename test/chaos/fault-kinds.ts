/** Whose request or process a fault strikes. */
export type Victim = 'worker' | 'scaler' | 'task' | 'run';

/** Every fault and its victim. A `task` is struck at a request, a `run` is one of the scaler. */
export const FAULT_KINDS = {
  's3-slow-down': 'worker',
  's3-internal-error': 'worker',
  's3-reset-before': 'worker',
  's3-reset-after': 'worker',
  's3-slow-body': 'worker',
  's3-truncated-body': 'worker',
  's3-wrong-checksum': 'worker',
  's3-slow-write': 'worker',
  'sqs-throttling': 'worker',
  'sqs-internal-error': 'worker',
  'sqs-reset-before': 'worker',
  'sqs-reset-after': 'worker',
  'sqs-partial-batch': 'worker',
  'sqs-expired-receipt': 'worker',
  'sqs-duplicate': 'worker',
  'sqs-reordered': 'worker',
  'sqs-delayed': 'worker',
  'sqs-empty-receive': 'worker',
  'stale-counts': 'scaler',
  'list-tasks-lags': 'scaler',
  'run-task-resource': 'scaler',
  'run-task-no-capacity': 'scaler',
  'run-task-partial': 'scaler',
  'run-task-reset-after': 'scaler',
  'scaler-throttling': 'scaler',
  'scaler-times-out': 'scaler',
  'scaler-overlaps': 'run',
  'scaler-runs-twice': 'run',
  'task-killed-before': 'task',
  'task-killed-after': 'task',
  'spot-interruption': 'task',
  'task-paused': 'task',
} as const satisfies Readonly<Record<string, Victim>>;

export type FaultKind = keyof typeof FAULT_KINDS;

export const ALL_FAULT_KINDS = Object.keys(FAULT_KINDS) as readonly FaultKind[];
