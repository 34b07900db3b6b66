import type { Session } from '../terminal/session';
import type { Operated } from './operated';

/**
 * Days back in which a minute is drawn. The scaler's client tokens are made of the minute that a
 * run stands for, and ECS takes one that it has seen within a day for a launch that has happened: a
 * run by hand needs a minute that no run has had.
 */
const [FROM_DAYS, TO_DAYS] = [3, 300];
const DAY = 86_400_000;

/**
 * Runs the scaler now, so that nobody waits for its schedule, which goes on. What fails is told and
 * does no harm.
 */
export async function kickScaler(
  { chosen, account }: Operated,
  { now, chance, note }: Pick<Session, 'now' | 'chance' | 'note'>,
): Promise<boolean> {
  const back = (FROM_DAYS + chance() * (TO_DAYS - FROM_DAYS)) * DAY;
  try {
    await account.scaler.invoke(chosen.scaler, new Date(now() - back));
    return true;
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split('\n');
    note(
      `The scaler could not be run at once (${why}); its schedule does it, within a minute as a rule.`,
    );
    return false;
  }
}
