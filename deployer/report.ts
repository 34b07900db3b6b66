import { DELIVERY_PARAMETERS, type DeployOutcome } from '../contract/delivery';
import type { DeployPorts } from './ports';

/**
 * Most characters of a reason; a parameter holds 4 KiB:
 * https://docs.aws.amazon.com/general/latest/gr/ssm.html
 */
const MOST_CHARACTERS = 1_000;

/**
 * Writes the outcome of a deploy where `spillway revisions` finds it. A failed write is a warning.
 */
export async function writeOutcome(
  ports: Pick<DeployPorts, 'parameters' | 'clock' | 'say'>,
  deliveryPath: string,
  { result, revision, reason }: Omit<DeployOutcome, 'at'>,
): Promise<void> {
  const outcome: DeployOutcome = {
    result,
    at: new Date(ports.clock.now()).toISOString(),
    ...(revision && { revision }),
    ...(reason && { reason: shortened(reason) }),
  };
  const name = `${deliveryPath}${DELIVERY_PARAMETERS.outcome}`;
  await orWarn(ports, `writing ${name}`, () =>
    ports.parameters.write(name, JSON.stringify(outcome)),
  );
}

/** SSM takes a pair of braces for a reference to another parameter and refuses it. */
function shortened(reason: string): string {
  const safe = reason.replaceAll('{{', '{ {').replaceAll('}}', '} }');
  return safe.length <= MOST_CHARACTERS ? safe : `${safe.slice(0, MOST_CHARACTERS - 1)}…`;
}

/** Does something that must not hide the result of a deploy: a failure is a warning. */
export async function orWarn(
  { say }: Pick<DeployPorts, 'say'>,
  what: string,
  act: () => Promise<unknown>,
): Promise<void> {
  try {
    await act();
  } catch (error) {
    say(`warning: ${what} failed: ${messageOf(error)}`);
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
