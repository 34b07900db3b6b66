import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { NodeHttpHandler } from '@smithy/node-http-handler';

export interface ClientSettings {
  readonly region: string;
  /** An emulator instead of AWS. */
  readonly endpoint?: string;
  /** Jobs at a time; each may have a few connections open. */
  readonly jobConcurrency: number;
}

const CONNECT_MILLISECONDS = 3_000;
/** Longest silence on a connection in use. A long poll is silent for ten seconds. */
const SILENCE_MILLISECONDS = 30_000;
/** Requests for one call, the first one included. */
const MAX_ATTEMPTS = 4;

/** A response that waits for memory keeps its connection, so there must be more than one for each job. */
const CONNECTIONS_PER_JOB = 3;

export function s3Client(settings: ClientSettings): S3Client {
  return new S3Client({ ...common(settings), forcePathStyle: settings.endpoint !== undefined });
}

export function sqsClient(settings: ClientSettings): SQSClient {
  return new SQSClient({ ...common(settings) });
}

function common({ region, endpoint, jobConcurrency }: ClientSettings) {
  const agent = { keepAlive: true, maxSockets: CONNECTIONS_PER_JOB * jobConcurrency + 16 };
  return {
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    maxAttempts: MAX_ATTEMPTS,
    retryMode: 'standard',
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: CONNECT_MILLISECONDS,
      socketTimeout: SILENCE_MILLISECONDS,
    }),
  };
}
