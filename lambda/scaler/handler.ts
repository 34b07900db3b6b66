import { createAwsPorts } from './aws/aws-ports';
import { readEnvironment } from './environment';
import type { Fleet, WakeUps } from './ports';
import { awakeLine, failedLine, type RunIdentity, type ScaleLine, scaleLine } from './report';
import { type Ports, type Run, type Settings, scale } from './scale';
import { type ScheduledEvent, scheduledMinute } from './scheduled-minute';
import {
  answerUploads,
  type BatchResponse,
  isWakeUp,
  keeping,
  newestUpload,
  type UploadEvent,
} from './uploads';

/** The part of the Lambda context that a run uses. */
export interface InvocationContext {
  readonly getRemainingTimeInMillis?: () => number;
}

/** A wake-up needs more than a run of the schedule. */
export type HandlerPorts = Ports & { readonly fleet: Fleet; readonly wakeUps: WakeUps };

export interface HandlerOptions {
  /**
   * Called once, on the first invocation, so that a wrong environment is a failed invocation with
   * its message.
   */
  readonly connect: () => { settings: Settings; ports: HandlerPorts };
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

  return async (
    event?: ScalerEvent,
    context?: InvocationContext,
  ): Promise<ScaleLine | BatchResponse> => {
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
    const scaled = () => scale(settings, ports, { ...run, now, remainingMilliseconds });

    let result: Run;
    try {
      if (isWakeUp(event)) {
        return await answerUploads(event, ports, {
          ifActive: () => print(awakeLine(identity())),
          ifIdle: async () => print(scaleLine(await scaled(), identity())),
        });
      }
      result = await scaled();
    } catch (error) {
      print(failedLine(error, identity()));
      if (run.isWakeUp) return keeping(undefined);
      throw error;
    }
    const line = print(scaleLine(result, identity()));
    if (result.fault) throw result.fault;
    return line;
  };
}

type ScalerEvent = ScheduledEvent | UploadEvent | null;

/** A wake-up stands for the minute in which it runs. */
function identityOf(event: ScalerEvent | undefined, startedAt: number) {
  if (isWakeUp(event)) {
    const isSeenAgain = newestUpload(event) === undefined;
    return { scheduledMinute: scheduledMinute(null, startedAt), isWakeUp: true, isSeenAgain };
  }
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
