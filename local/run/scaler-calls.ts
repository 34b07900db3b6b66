import { randomUUID } from 'node:crypto';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ScheduledEvent } from '../../lambda/scaler/scheduled-minute';
import { clientSettings, FUNCTION_MILLISECONDS, TIMEOUTS } from '../aws/clients';
import type { Pipeline } from '../ports';

/**
 * Runs the scaler once, as its schedule does every minute.
 * @param invocationId sets the run apart from the scheduled one of its minute.
 * @returns what its handler returned.
 * @throws Error with the function's own message when it failed.
 */
export async function invokeScaler(
  pipeline: Pipeline,
  now: Date = new Date(),
  invocationId?: string,
): Promise<unknown> {
  const event: ScheduledEvent = {
    scheduledTime: now.toISOString(),
    ...(invocationId && { invocationId }),
  };
  const lambda = new LambdaClient({
    ...clientSettings(pipeline.endpoint),
    requestHandler: { ...TIMEOUTS, requestTimeout: FUNCTION_MILLISECONDS },
  });
  try {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: pipeline.scalerFunctionName,
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    const answer: unknown = JSON.parse(
      Buffer.from(Payload ?? new Uint8Array()).toString() || 'null',
    );
    if (FunctionError) throw new Error(`The scaler failed: ${messageOf(answer)}`);
    return answer;
  } finally {
    lambda.destroy();
  }
}

function messageOf(answer: unknown): string {
  const { errorMessage } = (answer ?? {}) as { readonly errorMessage?: string };
  return errorMessage ?? JSON.stringify(answer);
}

/**
 * Calls of the scaler beside its schedule. Each call has an id of its own, since ECS launches
 * nothing for the client tokens of an earlier run of the same minute.
 */
export class ScalerCalls {
  private calls = 0;
  private last = Number.NEGATIVE_INFINITY;
  private running: Promise<void> = Promise.resolve();

  /**
   * @param invoke runs the scaler.
   * @param onFailure called for each call that failed. The schedule continues.
   */
  constructor(
    private readonly invoke: (invocationId: string) => Promise<unknown>,
    private readonly onFailure: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Number of calls. */
  get count(): number {
    return this.calls;
  }

  /**
   * Calls the scaler now, or after the call that is under way: two calls at a time would launch
   * tasks for the same jobs.
   */
  call(): Promise<void> {
    this.calls++;
    this.last = this.now();
    this.running = this.running.then(async () => {
      await this.invoke(randomUUID()).catch(this.onFailure);
    });
    return this.running;
  }

  /** Calls the scaler unless a call began within the last `seconds`. */
  async callEvery(seconds: number): Promise<void> {
    if (this.now() - this.last >= seconds * 1_000) await this.call();
  }
}
