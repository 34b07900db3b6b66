import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What an operation answers: a body, XML for EC2, or an error as AWS's JSON protocols send it. */
export type Answer =
  | { readonly body: object }
  | { readonly xml: string }
  | { readonly status: number; readonly type: string; readonly message?: string };

/** An input of an operation, as it came over the wire. */
export type Input = Readonly<Record<string, unknown>>;

/** Operation name, such as `RunTask`, to what it answers to its n-th call (from 0). */
export type Answers = Readonly<Record<string, (input: Input, call: number) => Answer>>;

/** How fast the double answers. */
export interface Pace {
  /** From the arrival of a request, or from its turn. Default 0. */
  readonly latencyMilliseconds?: number;
  /**
   * Requests that arrive together wait for one another, as if they had been sent one by one.
   * Default false.
   */
  readonly oneAtATime?: boolean;
}

export interface AwsDouble {
  /** Such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** Every call so far, in order of arrival. */
  readonly calls: readonly { readonly operation: string; readonly input: Input }[];
  stop(): Promise<void>;
}

/**
 * A small HTTP server that plays AWS's JSON protocols on a loopback port, so that adapters are
 * tested with the real SDK on real sockets. An operation without an answer gets a 500.
 */
export async function startAwsDouble(answers: Answers, pace: Pace = {}): Promise<AwsDouble> {
  const { latencyMilliseconds = 0, oneAtATime = false } = pace;
  let previous = Promise.resolve();
  const calls: { operation: string; input: Input }[] = [];
  const counts = new Map<string, number>();
  const answer = (operation: string, input: Input): Answer => {
    const call = counts.get(operation) ?? 0;
    counts.set(operation, call + 1);
    calls.push({ operation, input });
    return (
      answers[operation]?.(input, call) ?? { status: 500, type: 'NoAnswer', message: operation }
    );
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [operation, input] = read(
      request.headers['x-amz-target'],
      Buffer.concat(chunks).toString(),
    );
    const given = answer(operation, input);
    const turn = (oneAtATime ? previous : Promise.resolve()).then(() => wait(latencyMilliseconds));
    previous = turn;
    await turn;
    response.writeHead('status' in given ? given.status : 200, {
      'content-type': request.headers['content-type'] ?? 'application/json',
    });
    response.end(text(given));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * EC2 sends forms, in which the operation is a field:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
 */
function read(
  target: string | string[] | undefined,
  body: string,
): [operation: string, input: Input] {
  if (target) return [String(target).split('.').at(-1) ?? '', JSON.parse(body || '{}')];
  const { Action = '', ...input } = Object.fromEntries(new URLSearchParams(body));
  return [Action, input];
}

function text(given: Answer): string {
  if ('xml' in given) return given.xml;
  const { body } =
    'body' in given
      ? given
      : { body: { __type: given.type, message: given.message ?? given.type } };
  return JSON.stringify(body);
}

/**
 * Options that lead a client of the SDK to the double, with a single attempt per call unless told
 * otherwise.
 */
export function clientOptions(double: Pick<AwsDouble, 'endpoint'>, maxAttempts = 1) {
  return {
    endpoint: double.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts,
  };
}
