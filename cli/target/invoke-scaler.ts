import { randomUUID } from 'node:crypto';
import type { Session } from '../terminal/session';
import type { Target } from './target';

/**
 * Runs the scaler now, beside its schedule. An id of its own keeps the run apart from the scheduled
 * one of the same minute, so that ECS launches what either asks for. A failure is reported and does
 * no harm.
 */
export async function invokeScaler(
  { chosen, account }: Target,
  { now, warn }: Pick<Session, 'now' | 'warn'>,
  invocationId: string = randomUUID(),
): Promise<void> {
  const scheduledTime = new Date(now()).toISOString();
  try {
    const line = await account.scaler.invoke(chosen.scaler, { scheduledTime, invocationId });
    if (line.invocationId !== invocationId) warn(OLDER_SCALER);
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    warn(
      `The scaler could not be run at once (${why}); its schedule runs it, usually within a ` +
        'minute.',
    );
  }
}

/** Its tokens know the minute alone, and ECS launches each of them once. */
const OLDER_SCALER =
  'The deployed scaler is older than this command: where its schedule has launched tasks in this ' +
  'minute, it launches more only in the next one. To update it, deploy the stacks.';
