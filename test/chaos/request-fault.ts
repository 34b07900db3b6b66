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

/** Nothing happens beside the request. */
export const NO_MOMENTS: Moments = { before: async () => true, after: async () => undefined };

/** Takes a request in hand instead of passing it on. */
export type Strike = (exchange: Exchange) => Promise<void>;

export interface Chooser {
  /** What becomes of this request; undefined: it passes. */
  choose(call: Call): Strike | undefined;
  observe?(call: Call, answer: Answer): void;
}

class Dead extends Error {}

/** Every request passes by here, once before it takes effect and once after. */
export function handleWith(chooser: Chooser, moments: Moments): Handle {
  return async (exchange) => {
    const { call } = exchange;
    const forward = async (request?: Request) => {
      // That a request lands after its client has gone is what is not promised.
      if (!(await moments.before(call)) || exchange.isGone()) throw new Dead();
      const answer = await exchange.forward(request);
      chooser.observe?.(call, answer);
      await moments.after(call, answer);
      return answer;
    };
    try {
      const strike = chooser.choose(call);
      if (strike) await strike({ ...exchange, forward });
      else exchange.answer(await forward());
    } catch (error) {
      if (!(error instanceof Dead)) throw error;
      exchange.reset();
    }
  };
}

/** At most one fault strikes a request: the first of the list that the injector chooses. */
export function byInjector(faults: readonly RequestFault[], injector: Injector): Chooser {
  return {
    choose: (call) => {
      const fault = faults.find(({ kind, canStrike }) => canStrike(call) && injector.strikes(kind));
      if (!fault) return undefined;
      return async (exchange) => {
        const tellMore = injector.tell(
          fault.kind,
          call.who,
          call.operation,
          call.key ? [call.key] : [],
        );
        tellMore(await fault.strike(exchange, injector.draw(fault.kind)));
      };
    },
    observe: (call, answer) => {
      for (const { observe } of faults) observe?.(call, answer);
    },
  };
}
