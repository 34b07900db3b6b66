import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { clientSettings, FUNCTION_MILLISECONDS, TIMEOUTS } from '../aws/clients';
import type { Pipeline } from '../ports';

/**
 * Runs the scaler once, now, as its schedule does every minute.
 * @returns what its handler returned.
 * @throws Error with the function's own message when it failed.
 */
export async function invokeScaler(pipeline: Pipeline, now: Date = new Date()): Promise<unknown> {
  const lambda = new LambdaClient({
    ...clientSettings(pipeline.endpoint),
    requestHandler: { ...TIMEOUTS, requestTimeout: FUNCTION_MILLISECONDS },
  });
  try {
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({
        FunctionName: pipeline.scalerFunctionName,
        Payload: Buffer.from(JSON.stringify({ scheduledTime: now.toISOString() })),
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
