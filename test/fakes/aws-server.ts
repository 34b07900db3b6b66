import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What an operation answers: a body, XML for EC2, or an error as AWS's JSON protocols send it. */
export type Answer =
  | { readonly body: object }
  | { readonly xml: string }
  | { readonly status: number; readonly type: string; readonly message?: string };

/** An input of an operation, as it came over the wire. */
export type Input = Readonly<Record<string, unknown>>;

/** Operation name, such as `RunTask`, to what it answers to its n-th call (from 0). */
export type Answers = Readonly<Record<string, (input: Input, call: number) => Answer>>;

export interface FakeAwsOptions {
  /** From the arrival of a request, or from its turn. Default 0. */
  readonly latencyMilliseconds?: number;
  /** Answers one request after the other, as if they had been sent so. Default false. */
  readonly oneAtATime?: boolean;
}

/**
 * An HTTP server on a loopback port that plays AWS, so that adapters are tested with the real SDK
 * on real sockets. It keeps every request. With `answers` it speaks AWS's JSON protocols, and an
 * operation without an answer returns 500; a test may also set `answer` itself.
 */
export class FakeAws {
  readonly received: Received[] = [];
  /** Every call of a service that names its operation, in order of arrival. */
  readonly calls: { readonly operation: string; readonly input: Input }[] = [];
  answer: (response: ServerResponse, request: Received) => void;
  /** Connections that were opened so far. */
  connections = 0;
  private readonly server: Server;
  private previous = Promise.resolve();

  private constructor(
    answers: Answers | undefined,
    private readonly options: FakeAwsOptions,
  ) {
    this.answer = (response, request) =>
      answers ? this.answerFrom(answers, response, request) : response.end();
    this.server = createServer(async (request, response) => {
      const body = await buffer(request).catch(() => undefined);
      if (!body) return;
      const { method = '', url = '', headers } = request;
      const received = { method, url, headers, body: body.toString() };
      this.received.push(received);
      this.answer(response, received);
    });
    this.server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** Its clients find credentials where the SDK looks first. */
  static async start(answers?: Answers, options: FakeAwsOptions = {}): Promise<FakeAws> {
    process.env.AWS_ACCESS_KEY_ID ??= 'test';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
    const fake = new FakeAws(answers, options);
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** Such as `http://127.0.0.1:41234`. */
  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Settings of the worker's clients that talk to it. */
  get settings() {
    const { endpoint } = this;
    const endpoints = { endpoint, s3Endpoint: endpoint, sqsEndpoint: endpoint };
    return { region: 'eu-west-1', ...endpoints, jobConcurrency: 1 };
  }

  /** Answers with S3's XML for an error; a HEAD gets the status alone. */
  fails(status: number, code: string): void {
    const xml = `<Error><Code>${code}</Code><Message>As asked.</Message></Error>`;
    this.answer = (response, { method }) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(method === 'HEAD' ? undefined : xml);
    };
  }

  /** Answers in the JSON of SQS. */
  returns(output: unknown): void {
    this.answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(output));
    };
  }

  /** Closes the connections on which nothing is under way, as a server does after a while. */
  closeIdle(): void {
    this.server.closeIdleConnections();
  }

  /** Settles when no connection is open. */
  async isQuiet(): Promise<void> {
    const connections = promisify(this.server.getConnections.bind(this.server));
    while ((await connections()) > 0) await delay(5);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answerFrom(answers: Answers, response: ServerResponse, request: Received) {
    const [operation, input] = operationOf(request);
    const call = this.calls.filter((one) => one.operation === operation).length;
    this.calls.push({ operation, input });
    const unknown = { status: 500, type: 'NoAnswer', message: operation };
    const answer = answers[operation]?.(input, call) ?? unknown;
    const { latencyMilliseconds = 0, oneAtATime = false } = this.options;
    const turn = (oneAtATime ? this.previous : Promise.resolve()).then(() =>
      delay(latencyMilliseconds),
    );
    this.previous = turn;
    await turn;
    response.writeHead('status' in answer ? answer.status : 200, {
      'content-type': request.headers['content-type'] ?? 'application/json',
    });
    response.end(textOf(answer));
  }
}

/**
 * EC2 sends forms, in which the operation is a field:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
 */
function operationOf({ headers, body }: Received): [operation: string, input: Input] {
  const target = headers['x-amz-target'];
  if (target) return [String(target).split('.').at(-1) ?? '', JSON.parse(body || '{}')];
  const { Action = '', ...input } = Object.fromEntries(new URLSearchParams(body));
  return [Action, input];
}

function textOf(answer: Answer): string {
  if ('xml' in answer) return answer.xml;
  if ('body' in answer) return JSON.stringify(answer.body);
  return JSON.stringify({ __type: answer.type, message: answer.message ?? answer.type });
}

/** Options of a client of the SDK that talks to a fake; by default it tries each call once. */
export function clientOptions({ endpoint }: Pick<FakeAws, 'endpoint'>, maxAttempts = 1) {
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  return { endpoint, region: 'eu-central-1', credentials, maxAttempts };
}

/** Ports of one kind in a test file, each with a fake of its own that stops after its test. */
export function fakePort<Port>(create: (options: ReturnType<typeof clientOptions>) => Port) {
  const fakes: FakeAws[] = [];
  afterEach(() => Promise.all(fakes.splice(0).map((fake) => fake.stop())));
  return {
    open: async (answers: Answers): Promise<Port> => {
      const fake = await FakeAws.start(answers);
      fakes.push(fake);
      return create(clientOptions(fake));
    },
    /** What the port of this test has asked. */
    calls: () => fakes.flatMap(({ calls }) => calls),
  };
}
