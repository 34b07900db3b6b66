import type { AwsCalls } from '../calls';
import type { ConnectedSettings } from '../client';
import { credentialChain } from './credentials';
import { LeanS3 } from './lean-s3';
import { LeanSqs } from './lean-sqs';

/**
 * All calls by the SDK's own parts for signing, retries, endpoints, credentials and connections, without
 * its middleware, whose work is most of what a call costs. What these parts cannot do is left to the SDK.
 */
export function leanCalls(settings: ConnectedSettings): AwsCalls {
  const credentials = credentialChain();
  return { s3: new LeanS3(settings, credentials), sqs: new LeanSqs(settings, credentials) };
}
