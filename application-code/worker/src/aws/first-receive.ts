import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

/**
 * Publishes each request that has been written to its connection:
 * https://nodejs.org/api/diagnostics_channel.html#http
 */
const REQUEST_WRITTEN = 'http.client.request.start';

/**
 * Calls back once, when the first receive is on its way and nothing is to be done but to wait for
 * its answer.
 */
export function onFirstReceive(callback: () => void): void {
  const look = (message: unknown) => {
    const { request } = message as { readonly request: ClientRequest };
    if (request.getHeader('x-amz-target') !== 'AmazonSQS.ReceiveMessage') return;
    unsubscribe(REQUEST_WRITTEN, look);
    setImmediate(callback);
  };
  subscribe(REQUEST_WRITTEN, look);
}
