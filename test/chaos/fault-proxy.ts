import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { AwsRequest, AwsResponse } from '../../local/ecs/aws-http';
import { type LoopbackServer, writeAnswer } from '../../local/ecs/aws-http';
import { startProxy } from '../fakes/proxy';
import { type Call, callOf } from './call';
import type { FaultKind } from './fault-kinds';
import type { Injector } from './injector';

/** One request at the proxy: exactly one of `answer`, `dribble` and `reset` ends it. */
export interface Exchange {
  readonly call: Call;
  readonly request: AwsRequest;
  /** Lets the request, or another one in its place, take effect. */
  forward(request?: AwsRequest): Promise<AwsResponse>;
  /** Sends another request to the emulator, unseen by the faults. */
  aside(request: AwsRequest): Promise<AwsResponse>;
  answer(answer: AwsResponse): void;
  /** Sends as many of four pieces of the body, with pauses; below 4, the connection breaks. */
  dribble(answer: AwsResponse, pauseMilliseconds: number, pieces: number): Promise<void>;
  /** True when the client has given up or died. */
  isGone(): boolean;
  /** Breaks the connection. */
  reset(): void;
}

/** What becomes of a request. */
export type Handle = (exchange: Exchange) => Promise<void>;

/** No fault at all. */
export const passOn: Handle = async ({ answer, forward }) => answer(await forward());

/** A fault, the calls that it can strike, and what it does to one. */
export interface RequestFault {
  readonly kind: FaultKind;
  readonly canStrike: (call: Call) => boolean;
  /** @returns what it did, in a few words. */
  readonly strike: (exchange: Exchange, draw: number) => Promise<string>;
  /** Sees every answer, so that it can repeat an old one. */
  readonly observe?: (call: Call, answer: AwsResponse) => void;
}

/** What else happens when a request passes. */
export interface Moments {
  /** @returns false when the client is dead, so that the request takes no effect. */
  before(call: Call): Promise<boolean>;
  after(call: Call, answer: AwsResponse): Promise<void>;
}

export const NO_MOMENTS: Moments = { before: async () => true, after: async () => undefined };

/** Handles a request instead of passing it on. */
export type Strike = (exchange: Exchange) => Promise<void>;

export interface Chooser {
  /** Undefined: the request passes. */
  choose(call: Call): Strike | undefined;
  observe?(call: Call, answer: AwsResponse): void;
}

class Dead extends Error {}

/** Every request passes here, once before it takes effect and once after. */
export function handleWith(chooser: Chooser, moments: Moments): Handle {
  return async (exchange) => {
    const { call } = exchange;
    const forward = async (request?: AwsRequest) => {
      // That a request takes effect after its client has gone is what is not promised.
      if (!(await moments.before(call)) || exchange.isGone()) throw new Dead();
      const answer = await exchange.forward(request);
      chooser.observe?.(call, answer);
      await moments.after(call, answer);
      return answer;
    };
    try {
      const strike = chooser.choose(call) ?? passOn;
      await strike({ ...exchange, forward });
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
      const { kind, strike } = fault;
      return async (exchange) => {
        const report = injector.report(kind, call.who, call.operation, call.key ? [call.key] : []);
        report(await strike(exchange, injector.draw(kind)));
      };
    },
    observe: (call, answer) => {
      for (const { observe } of faults) observe?.(call, answer);
    },
  };
}

/** A loopback endpoint before the emulator that does what a network and a busy service do. */
export interface FaultProxy extends LoopbackServer {
  /** What the handler threw: a defect of the test, not a fault that was injected. */
  readonly defects: readonly unknown[];
}

export async function startFaultProxy(target: string, handle: Handle): Promise<FaultProxy> {
  const defects: unknown[] = [];
  const proxy = await startProxy(
    target,
    async (request, send, outgoing) => {
      await handle(exchangeOf(request, outgoing, send));
      return undefined;
    },
    (defect) => defects.push(defect),
  );
  return { ...proxy, defects };
}

function exchangeOf(
  request: AwsRequest,
  outgoing: ServerResponse,
  send: (request: AwsRequest) => Promise<AwsResponse>,
): Exchange {
  return {
    call: callOf(request),
    request,
    forward: (other = request) => send(other),
    aside: send,
    answer: (answer) => writeAnswer(outgoing, answer),
    isGone: () => outgoing.destroyed || outgoing.socket?.destroyed === true,
    reset: () => outgoing.destroy(),
    dribble: async ({ status, headers, body }, pauseMilliseconds, pieces) => {
      outgoing.writeHead(status, { ...headers, 'content-length': body.length });
      const length = Math.ceil(body.length / 4);
      for (let piece = 0; piece < pieces; piece += 1) {
        outgoing.write(body.subarray(piece * length, (piece + 1) * length));
        await delay(pauseMilliseconds);
      }
      if (pieces < 4) outgoing.destroy();
      else outgoing.end();
    },
  };
}
