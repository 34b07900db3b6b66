import { connect } from './aws/connect';
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
 * Makes the function that Lambda calls. Each call writes one line, and fails after it when somebody
 * must mend something.
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
    const minute = scheduledMinute(event, startedAt);
    const identity = (): RunIdentity => ({
      ...settings,
      scheduledMinute: minute,
      startedAt,
      endedAt: now(),
    });
    const tell = (line: ScaleLine) => {
      write(`${JSON.stringify(line)}\n`);
      return line;
    };
    const remainingMilliseconds = () =>
      context?.getRemainingTimeInMillis?.() ?? DEFAULT_REMAINING_MILLISECONDS;

    let run: Run;
    try {
      run = await scale(settings, ports, { now, remainingMilliseconds, scheduledMinute: minute });
    } catch (error) {
      tell(failedLine(error, identity()));
      throw error;
    }
    const line = tell(scaleLine(run, identity()));
    if (run.fault) throw run.fault;
    return line;
  };
}

/** What Lambda calls every minute; see `environment.ts` for its variables. */
export const handler = createHandler({
  connect: () => {
    const environment = readEnvironment();
    return { settings: environment, ports: connect(environment) };
  },
});
