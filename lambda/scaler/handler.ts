import { createAwsPorts } from './aws/aws-ports';
import { readEnvironment } from './environment';
import { failedLine, type RunIdentity, type ScaleLine, scaleLine } from './report';
import { type Ports, type Run, type Settings, scale } from './scale';
import { type ScheduledEvent, scheduledMinute } from './scheduled-minute';

/** The part of the Lambda context that a run uses. */
export interface InvocationContext {
  readonly getRemainingTimeInMillis?: () => number;
}

export interface HandlerOptions {
  /**
   * Called once, on the first invocation, so that a wrong environment is a failed invocation with
   * its message.
   */
  readonly connect: () => { settings: Settings; ports: Ports };
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly write?: (line: string) => void;
}

/** Time that is assumed to be left where the runtime does not say. */
const DEFAULT_REMAINING_MILLISECONDS = 60_000;

/**
 * Makes the function that Lambda calls. Each call writes one line, and fails after it when an
 * operator must fix something.
 */
export function createHandler(options: HandlerOptions) {
  // Standard output rather than the console: Lambda puts a prefix before console lines, and metrics
  // need the bare JSON.
  const { now = Date.now, write = (line: string) => process.stdout.write(line) } = options;
  let connected: ReturnType<HandlerOptions['connect']> | undefined;

  return async (event?: ScheduledEvent | null, context?: InvocationContext): Promise<ScaleLine> => {
    connected ??= options.connect();
    const { settings, ports } = connected;
    const startedAt = now();
    const run = {
      scheduledMinute: scheduledMinute(event, startedAt),
      ...(event?.invocationId && { invocationId: event.invocationId }),
    };
    const identity = (): RunIdentity => ({ ...settings, ...run, startedAt, endedAt: now() });
    const print = (line: ScaleLine) => {
      write(`${JSON.stringify(line)}\n`);
      return line;
    };
    const remainingMilliseconds = () =>
      context?.getRemainingTimeInMillis?.() ?? DEFAULT_REMAINING_MILLISECONDS;

    let result: Run;
    try {
      result = await scale(settings, ports, { ...run, now, remainingMilliseconds });
    } catch (error) {
      print(failedLine(error, identity()));
      throw error;
    }
    const line = print(scaleLine(result, identity()));
    if (result.fault) throw result.fault;
    return line;
  };
}

/** What Lambda calls every minute; see `environment.ts` for its variables. */
export const handler = createHandler({
  connect: () => {
    const environment = readEnvironment();
    return { settings: environment, ports: createAwsPorts(environment) };
  },
});
