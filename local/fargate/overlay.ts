import type { TaskRecord } from './fleet';

/**
 * A task as it travels in ECS's JSON; only what is changed here is named. Times are seconds since
 * the epoch.
 */
export interface WireTask {
  readonly taskArn?: string;
  readonly desiredStatus?: string;
  readonly containers?: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

/** What the emulator claims of a task's course; it knows none of it. */
const COURSE = [
  'startedAt',
  'stoppingAt',
  'stoppedAt',
  'executionStoppedAt',
  'stopCode',
  'stoppedReason',
] as const;

/** Tells of a task what its record says, and of the rest what the emulator says. */
export function overlayTask(task: WireTask, record: TaskRecord | undefined): WireTask {
  if (!record) return task;
  const stopping = record.lastStatus === 'STOPPING' || record.lastStatus === 'STOPPED';
  const stopAsked = stopping || task.desiredStatus === 'STOPPED';
  const { startedAt, stoppingAt, stoppedAt } = record;
  return {
    ...without(task, COURSE),
    capacityProviderName: record.capacityProvider,
    lastStatus: record.lastStatus,
    desiredStatus: stopAsked ? 'STOPPED' : 'RUNNING',
    ...(startedAt !== undefined && { startedAt: startedAt / 1000 }),
    ...(stoppingAt !== undefined && { stoppingAt: stoppingAt / 1000 }),
    ...(stoppedAt !== undefined && {
      stoppedAt: stoppedAt / 1000,
      executionStoppedAt: stoppedAt / 1000,
    }),
    ...(stopAsked && {
      stopCode: record.stopCode ?? task.stopCode,
      stoppedReason: record.stoppedReason ?? task.stoppedReason,
    }),
    ...(task.containers && {
      containers: task.containers.map((container) => overlayContainer(container, record)),
    }),
  };
}

function overlayContainer(container: Readonly<Record<string, unknown>>, record: TaskRecord) {
  return {
    ...without(container, ['exitCode']),
    lastStatus: record.lastStatus === 'STOPPING' ? 'RUNNING' : record.lastStatus,
    ...(record.exitCode !== undefined && { exitCode: record.exitCode }),
  };
}

function without(
  object: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}
