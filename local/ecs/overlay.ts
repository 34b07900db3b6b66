import type { TaskRecord } from './fleet';

/**
 * A task in ECS's JSON, with the fields that are changed here. Times are seconds since the epoch.
 */
export interface WireTask {
  readonly taskArn?: string;
  readonly desiredStatus?: string;
  readonly containers?: readonly Readonly<Record<string, unknown>>[];
  readonly [field: string]: unknown;
}

/** Fields about a task's states, which the emulator does not know. */
const STATES = [
  'startedAt',
  'stoppingAt',
  'stoppedAt',
  'executionStoppedAt',
  'stopCode',
  'stoppedReason',
] as const;

/** Replaces the states of a task by those of its record. */
export function overlayTask(task: WireTask, record: TaskRecord | undefined): WireTask {
  if (!record) return task;
  const stopping = record.lastStatus === 'STOPPING' || record.lastStatus === 'STOPPED';
  const stopAsked = stopping || task.desiredStatus === 'STOPPED';
  const { startedAt, stoppingAt, stoppedAt } = record;
  return {
    ...without(task, STATES),
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
