import type { MiddlewareStack } from '@smithy/types';

interface Message {
  body?: unknown;
}

/**
 * The SDK drops every field of an answer that was not known when it was published. This reads the
 * answer before it does.
 * @returns a function that returns the JSON of the last answer, once the command has been sent.
 */
export function keepWholeAnswer<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
): () => Readonly<Record<string, unknown>> {
  let text = '';
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as Message;
      const body = await bytesOf(response.body);
      text = body.toString();
      response.body = body;
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'keepWholeAnswer' },
  );
  return () => JSON.parse(text);
}

/**
 * Sends this JSON instead of what the SDK makes of a command's input, which lacks what the SDK does
 * not know.
 */
export function sendWhole<Input extends object, Output extends object>(
  stack: MiddlewareStack<Input, Output>,
  input: object,
): void {
  stack.add(
    (next) => (args) => {
      (args.request as Message).body = JSON.stringify(input);
      return next(args);
    },
    { step: 'build', priority: 'high', name: 'sendWhole' },
  );
}

async function bytesOf(body: unknown): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
