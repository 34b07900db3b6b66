import { ALL_FAULT_KINDS, FAULT_KINDS, type FaultKind, type Victim } from '../fault-kinds';
import { type FaultProxy, startFaultProxy } from '../fault-proxy';
import type { History } from '../history';
import { Injector } from '../injector';
import { byInjector, handleWith, NO_MOMENTS, type RequestFault } from '../request-fault';

export const kindsOf = (victim: Victim): FaultKind[] =>
  ALL_FAULT_KINDS.filter((kind) => FAULT_KINDS[kind] === victim);

/** Lets one kind of fault strike whenever it can. */
export function striking(kind: FaultKind, history: History): Injector {
  return new Injector(
    { seed: 1, faults: { [kind]: { chance: 1, inARow: 1, limit: 10 } } },
    history,
  );
}

/** A proxy before a stand-in of AWS. */
export function startStrikingProxy(
  target: string,
  faults: readonly RequestFault[],
  injector: Injector,
  moments = NO_MOMENTS,
): Promise<FaultProxy> {
  return startFaultProxy(target, handleWith(byInjector(faults, injector), moments));
}
