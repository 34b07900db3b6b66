import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../environment';
import { ANSWER_MILLISECONDS } from './clients';

/**
 * Calls EventBridge on an emulator, in its JSON protocol: a few calls are not worth an SDK
 * client. The emulator reads account and region from the header, and checks no signature.
 * @param operation such as `PutRule`; EventBridge's API reference has its input.
 * @throws Error with the emulator's answer when it refuses.
 */
export async function callEvents(
  endpoint: string,
  operation: string,
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const scope = `${LOCAL_CREDENTIALS.accessKeyId}/20260101/${LOCAL_REGION}/events/aws4_request`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSEvents.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`EventBridge refused ${operation}: ${text}`);
  return JSON.parse(text || '{}');
}
