import type { Answer, Request } from '../../local/fargate/answer';
import type { Call } from './call';
import type { Exchange, Handle } from './exchange';
import type { FaultKind } from './fault-kinds';
import type { Injector } from './injector';

/** A fault, the calls that it can strike, and what it does to one. */
export interface RequestFault {
  readonly kind: FaultKind;
  readonly canStrike: (call: Call) => boolean;
  /** @returns what it did, in a few words. */
  readonly strike: (exchange: Exchange, draw: number) => Promise<string>;
  /** Sees every answer, so that it can repeat an old one. */
  readonly observe?: (call: Call, answer: Answer) => void;
}

/** What else happens when a request passes by. */
export interface Moments {
  /** @returns false when whoever asked is dead, so that the request shall take no effect. */
  before(call: Call): Promise<boolean>;
  after(call: Call, answer: Answer): Promise<void>;
}

class Dead extends Error {}

/** At most one fault strikes a request: the first of the list that the injector chooses. */
export function handleWith(faults: readonly RequestFault[], injector: Injector, moments: Moments): Handle {
  const observers = faults.filter(({ observe }) => observe);
  return async (exchange) => {
    const { call } = exchange;
    const forward = async (request?: Request) => {
      if (!(await moments.before(call))) throw new Dead();
      const answer = await exchange.forward(request);
      for (const { observe } of observers) observe?.(call, answer);
      await moments.after(call, answer);
      return answer;
    };
    const fault = faults.find(({ kind, canStrike }) => canStrike(call) && injector.strikes(kind));
    try {
      if (!fault) return exchange.answer(await forward());
      const tellMore = injector.tell(fault.kind, call.who, call.operation, call.key ? [call.key] : []);
      tellMore(await fault.strike({ ...exchange, forward }, injector.draw(fault.kind)));
    } catch (error) {
      if (!(error instanceof Dead)) throw error;
      exchange.reset();
    }
  };
}
