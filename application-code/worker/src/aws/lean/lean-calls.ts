import type { AwsCredentialIdentityProvider } from '@smithy/types';
import type { AwsCalls } from '../calls';
import type { ConnectedSettings } from '../settings';
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

/**
 * The SDK's own chain, loaded when it is first asked: environment, container, instance and the
 * rest. It remembers what it found and renews it five minutes before it expires.
 */
function credentialChain(): AwsCredentialIdentityProvider {
  const chain = once(async () =>
    (await import('@aws-sdk/credential-provider-node')).defaultProvider(),
  );
  return async (properties) => (await chain())(properties);
}

/** Asks when it is first needed, and remembers the answer. */
function once<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let value: Promise<Value> | undefined;
  return () => {
    value ??= read();
    return value;
  };
}
