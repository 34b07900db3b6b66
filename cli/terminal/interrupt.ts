import { setTimeout as delay } from 'node:timers/promises';
import { listenForStop, type SignalSource } from '../../local/run/stop-requests';
import type { Session } from './session';

/**
 * Ctrl-C ends a command in order, and at once when it is pressed again. Before the first
 * call nothing listens: a command that has nothing to put in order just ends.
 */
export function openInterrupt(
  source: SignalSource,
  end: (exitCode: number) => void,
): Pick<Session, 'interruptSignal' | 'sleep'> {
  let signal: AbortSignal | undefined;
  return {
    interruptSignal: () => {
      signal ??= listenForStop(source, end).signal;
      return signal;
    },
    async sleep(milliseconds) {
      // An aborted sleep ends without an error: the caller looks at the signal itself.
      await delay(milliseconds, undefined, signal && { signal }).catch(() => undefined);
    },
  };
}
