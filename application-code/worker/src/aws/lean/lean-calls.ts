import type { AwsCalls } from '../calls';
import type { ConnectedSettings } from '../settings';
import { credentialChain } from './credentials';
import { LeanS3 } from './lean-s3';
import { LeanSqs } from './lean-sqs';
import { readSharedSettings } from './shared-settings';

/**
 * All calls by a signer of our own and the SDK's parts for retries, endpoints, credentials and
 * connections, without its middleware, whose work is most of what a call costs. Buckets that are
 * signed otherwise are left to the SDK.
 */
export function leanCalls(connected: ConnectedSettings): AwsCalls {
  const settings = {
    ...connected,
    credentials: credentialChain(),
    shared: once(readSharedSettings),
  };
  return { s3: new LeanS3(settings), sqs: new LeanSqs(settings) };
}

/** Asks when it is first needed, and remembers the answer. */
function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
