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
