import type { VariableName } from '../../../application-code/worker/src/settings';

/** The worker's variable for the time of empty receives after which a task ends. */
const IDLE_EXIT_SECONDS: VariableName = 'IDLE_EXIT_SECONDS';

/**
 * Variables of a task that is kept warm: it ends by its age, and not because the queue is empty.
 * @param seconds its age then.
 */
export function staysFor(seconds: number): Readonly<Record<string, string>> {
  return { [IDLE_EXIT_SECONDS]: String(seconds) };
}

/** The part of a task, as DescribeTasks has it, that says with what it was launched. */
export interface LaunchedTask {
  readonly overrides?: Overrides | undefined;
}

interface Overrides {
  readonly containerOverrides?: readonly ContainerOverride[] | undefined;
}

interface ContainerOverride {
  readonly name?: string | undefined;
  readonly environment?: readonly { readonly name?: string | undefined }[] | undefined;
}

/** Whether a task is kept warm: a launch says to its tasks alone how long they stay. */
export function isWarm({ overrides }: LaunchedTask, containerName: string): boolean {
  const own = overrides?.containerOverrides?.find(({ name }) => name === containerName);
  return own?.environment?.some(({ name }) => name === IDLE_EXIT_SECONDS) ?? false;
}
