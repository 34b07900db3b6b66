import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsClient } from '../settings';
import type { AwsCalls } from './calls';
import { leanCalls } from './lean/lean-calls';
import type { ClientSettings, ConnectedSettings } from './settings';

const CONNECT_MILLISECONDS = 3_000;
/** A long poll is silent for ten seconds. */
const SILENCE_MILLISECONDS = 30_000;
/**
 * A response that waits for memory keeps its connection, so there must be more than one for each
 * job.
 */
const CONNECTIONS_PER_JOB = 3;

export function awsCalls(settings: ClientSettings, client: AwsClient): Promise<AwsCalls> {
  const connected = { ...settings, requestHandler: connections(settings) };
  return client === 'sdk' ? sdkCalls(connected) : Promise.resolve(leanCalls(connected));
}

/**
 * A file of its own in the build: the start of a worker that does not ask for it does not read it.
 */
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
