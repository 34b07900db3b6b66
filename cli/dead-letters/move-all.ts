import type { Move, MoveState } from '../ports';
import type { Session } from '../terminal/session';

const LOOK_EVERY_MILLISECONDS = 1_000;
const GOING_ON = new Set(['RUNNING', 'CANCELLING']);

/**
 * Follows a move that SQS makes to its end. Whoever asks to stop stops it.
 * @param stop - aborted by who asks to stop.
 */
export async function followMove(
  move: Move,
  { sleep }: Pick<Session, 'sleep'>,
  stop: AbortSignal,
  onProgress: (state: MoveState) => void,
): Promise<MoveState> {
  let isCancelled = false;
  for (;;) {
    const state = await move.state();
    onProgress(state);
    if (!GOING_ON.has(state.status)) return state;
    if (stop.aborted && isCancelled) return state;
    if (stop.aborted) {
      await move.cancel();
      isCancelled = true;
    } else await sleep(LOOK_EVERY_MILLISECONDS);
  }
}
