import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsClient } from '../aws-clients';
import type { AwsCalls } from './calls';
import { leanCalls } from './lean/lean-calls';

export interface ClientSettings {
  readonly region: string;
  /** Instead of the one that the SDK's rules know; buckets are then part of the path. */
  readonly s3Endpoint?: string;
  /** Instead of the host of a queue's URL. */
  readonly sqsEndpoint?: string;
  /** Jobs at a time; each may have a few connections open. */
  readonly jobConcurrency: number;
  /** Longest silence on a connection in use. Default 30,000. */
  readonly silenceMilliseconds?: number;
}

/** Settings with the connections that all calls share. */
export interface ConnectedSettings extends ClientSettings {
  readonly requestHandler: NodeHttpHandler;
}

const CONNECT_MILLISECONDS = 3_000;
/** A long poll is silent for ten seconds. */
const SILENCE_MILLISECONDS = 30_000;
/** Requests for one call, the first one included. */
export const MAX_ATTEMPTS = 4;

/** A response that waits for memory keeps its connection, so there must be more than one for each job. */
const CONNECTIONS_PER_JOB = 3;

export function awsCalls(settings: ClientSettings, client: AwsClient): Promise<AwsCalls> {
  const connected = { ...settings, requestHandler: connections(settings) };
  return client === 'sdk' ? sdkCalls(connected) : Promise.resolve(leanCalls(connected));
}

/** The SDK is loaded only here: it costs as much to start as all the rest. */
async function sdkCalls(settings: ConnectedSettings): Promise<AwsCalls> {
  const { sdkCallsOf } = await import('./sdk-calls');
  return sdkCallsOf(settings);
}

function connections(settings: ClientSettings): NodeHttpHandler {
  const { jobConcurrency, silenceMilliseconds = SILENCE_MILLISECONDS } = settings;
  const agent = { keepAlive: true, maxSockets: CONNECTIONS_PER_JOB * jobConcurrency + 16 };
  return new NodeHttpHandler({
    httpAgent: new HttpAgent(agent),
    httpsAgent: new HttpsAgent(agent),
    connectionTimeout: CONNECT_MILLISECONDS,
    socketTimeout: silenceMilliseconds,
  });
}
