import { createAwsPorts } from './aws/aws-ports';
import { readEnvironment } from './environment';
import type { Fleet } from './ports';
import { awakeLine, failedLine, type RunIdentity, type ScaleLine, scaleLine } from './report';
import { type Ports, type Run, type Settings, scale } from './scale';
import {
  isWakeUp,
  type QueueEvent,
  type ScheduledEvent,
  scheduledMinute,
} from './scheduled-minute';

/** The part of the Lambda context that a run uses. */
export interface InvocationContext {
  readonly getRemainingTimeInMillis?: () => number;
}

export interface HandlerOptions {
  /**
   * Called once, on the first invocation, so that a wrong environment is a failed invocation with
   * its message.
   */
  readonly connect: () => { settings: Settings; ports: Ports & { readonly fleet: Fleet } };
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly write?: (line: string) => void;
}

/** Time that is assumed to be left where the runtime does not say. */
const DEFAULT_REMAINING_MILLISECONDS = 60_000;

/**
 * Makes the function that Lambda calls. Each call writes one line. A scheduled run fails after it
 * when an operator must fix something. A wake-up never fails: Lambda would repeat it, and the next
 * scheduled run meets the same.
 */
export function createHandler(options: HandlerOptions) {
  // Standard output rather than the console: Lambda puts a prefix before console lines, and metrics
  // need the bare JSON.
  const { now = Date.now, write = (line: string) => process.stdout.write(line) } = options;
  let connected: ReturnType<HandlerOptions['connect']> | undefined;

  return async (event?: ScalerEvent, context?: InvocationContext): Promise<ScaleLine> => {
    connected ??= options.connect();
    const { settings, ports } = connected;
    const startedAt = now();
    const run = identityOf(event, startedAt);
    const identity = (): RunIdentity => ({ ...settings, ...run, startedAt, endedAt: now() });
    const print = (line: ScaleLine) => {
      write(`${JSON.stringify(line)}\n`);
      return line;
    };
    const remainingMilliseconds = () =>
      context?.getRemainingTimeInMillis?.() ?? DEFAULT_REMAINING_MILLISECONDS;

    let result: Run;
    try {
      if (run.isWakeUp && (await ports.fleet.isActive())) return print(awakeLine(identity()));
      result = await scale(settings, ports, { ...run, now, remainingMilliseconds });
    } catch (error) {
      const line = print(failedLine(error, identity()));
      if (run.isWakeUp) return line;
      throw error;
    }
    const line = print(scaleLine(result, identity()));
    if (result.fault && !run.isWakeUp) throw result.fault;
    return line;
  };
}

type ScalerEvent = ScheduledEvent | QueueEvent | null;

/** A wake-up stands for the minute in which it runs. */
function identityOf(event: ScalerEvent | undefined, startedAt: number) {
  if (isWakeUp(event)) return { scheduledMinute: scheduledMinute(null, startedAt), isWakeUp: true };
  const invocationId = event?.invocationId;
  return {
    scheduledMinute: scheduledMinute(event, startedAt),
    isWakeUp: false,
    ...(invocationId && { invocationId }),
  };
}

/** What Lambda calls every minute, and for uploads; see `environment.ts` for its variables. */
export const handler = createHandler({
  connect: () => {
    const environment = readEnvironment();
    return { settings: environment, ports: createAwsPorts(environment) };
  },
});
