import type { Account } from '../ports/account';

/**
 * CloudWatch has a value a minute, and the scaler runs once a minute; asking more often costs and
 * shows nothing new.
 */
const SLOW_MILLISECONDS = 30_000;
const LOG_MILLISECONDS = 5_000;

/** An account that is read again and again: what changes slowly is read rarely. */
export function watchedAccount(account: Account, now: () => number): Account {
  const { scaler, metrics } = account;
  return {
    ...account,
    scaler: {
      ...scaler,
      variables: remembered(scaler.variables, SLOW_MILLISECONDS, now),
      lastRun: remembered(scaler.lastRun, LOG_MILLISECONDS, now),
    },
    metrics: {
      oldestMessageSeconds: remembered(metrics.oldestMessageSeconds, SLOW_MILLISECONDS, now),
    },
  };
}

/** Asks again only after a while; a failure is not remembered. */
function remembered<Input extends readonly unknown[], Answer>(
  ask: (...input: Input) => Promise<Answer>,
  milliseconds: number,
  now: () => number,
): (...input: Input) => Promise<Answer> {
  let last: { readonly at: number; readonly answer: Answer } | undefined;
  return async (...input) => {
    if (last && now() - last.at < milliseconds) return last.answer;
    const answer = await ask(...input);
    last = { at: now(), answer };
    return answer;
  };
}
