import type { Move, MoveState } from '../ports/queues';
import type { Target } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import { progressBar } from '../terminal/live-output';
import type { Session } from '../terminal/session';
import { brokenMove, failureOfMove, type RedriveReport } from './redrive-report';

const LOOK_EVERY_MILLISECONDS = 1_000;
const UNDER_WAY = new Set(['RUNNING', 'CANCELLING']);

/**
 * Lets SQS move all dead letters to the work queue, and follows it to its end. A request to stop
 * cancels the rest.
 * @returns undefined where the endpoint has no such call.
 */
export async function moveAll(
  session: Session,
  { account, chosen }: Target,
  rate: number,
): Promise<RedriveReport | undefined> {
  const { deadLetterQueue, queue } = chosen;
  const { move, hidden } = await withDeployed(chosen, async () => ({
    // SQS does not move what another reader has hidden.
    hidden: (await (await account.queues.open(deadLetterQueue)).depth()).inFlight,
    move: await account.queues.moveAll(deadLetterQueue, queue, rate),
  }));
  if (!move) return undefined;
  let redriven = 0;
  const onProgress = ({ moved, toMove = 0 }: MoveState) => {
    redriven = moved;
    session.showProgress(`redrive ${progressBar(moved, toMove)}`);
  };
  try {
    const state = await follow(move, session, onProgress);
    return { by: 'sqs', redriven: state.moved, hidden, ...failureOfMove(state) };
  } catch (error) {
    return { by: 'sqs', redriven, hidden, isBroken: true, failure: brokenMove(error, redriven) };
  }
}

async function follow(
  move: Move,
  session: Session,
  onProgress: (state: MoveState) => void,
): Promise<MoveState> {
  const stop = session.interruptSignal();
  let isCancelled = false;
  for (;;) {
    const state = await move.state();
    onProgress(state);
    if (!UNDER_WAY.has(state.status)) return state;
    if (stop.aborted && isCancelled) return state;
    if (stop.aborted) {
      await move.cancel();
      isCancelled = true;
    } else await session.sleep(LOOK_EVERY_MILLISECONDS);
  }
}
