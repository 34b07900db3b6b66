import {
  createServer,
  type IncomingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server in the place of AWS: it keeps what it receives and answers as it is told. */
export class FakeAws {
  readonly received: Received[] = [];
  answer: (response: ServerResponse, request: Received) => void = (response) => response.end();
  /** Connections that were opened so far. */
  connections = 0;
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks).toString() };
        this.received.push(received);
        this.answer(response, received);
      });
    });
    this.server.on('connection', () => {
      this.connections += 1;
    });
  }

  /** Its clients find credentials where the SDK looks first. */
  static async start(): Promise<FakeAws> {
    process.env.AWS_ACCESS_KEY_ID ??= 'test';
    process.env.AWS_SECRET_ACCESS_KEY ??= 'test';
    const fake = new FakeAws();
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** Settings of a client that talks to it. */
  get settings() {
    const { port } = this.server.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const endpoints = { endpoint, s3Endpoint: endpoint, sqsEndpoint: endpoint };
    return { region: 'eu-west-1', ...endpoints, jobConcurrency: 1 };
  }

  /** Answers with S3's XML for an error; a HEAD gets the status alone. */
  fails(status: number, code: string): void {
    this.answer = (response, { method }) => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(
        method === 'HEAD'
          ? undefined
          : `<Error><Code>${code}</Code><Message>As asked.</Message></Error>`,
      );
    };
  }

  /** Answers in the JSON of SQS. */
  gives(output: unknown): void {
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
    const open = await promisify(this.server.getConnections.bind(this.server))();
    if (open === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await this.isQuiet();
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
