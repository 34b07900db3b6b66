import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../environment';
import { ANSWER_MILLISECONDS } from './clients';

/** @param operation such as `PutRule`; EventBridge's API reference has its input. */
export const callEvents = (endpoint: string, operation: string, input: object) =>
  callJson(endpoint, { service: 'events', target: `AWSEvents.${operation}` }, input);

/** @param operation such as `PutLogEvents` of CloudWatch Logs. */
export const callLogs = (endpoint: string, operation: string, input: object) =>
  callJson(endpoint, { service: 'logs', target: `Logs_20140328.${operation}` }, input);

/**
 * Calls a service of an emulator in its JSON protocol: a few calls are not worth an SDK client. The
 * emulator reads account and region from the header, and checks no signature.
 * @throws Error with the emulator's answer when it refuses.
 */
async function callJson(
  endpoint: string,
  { service, target }: { readonly service: string; readonly target: string },
  input: object,
): Promise<Readonly<Record<string, unknown>>> {
  const scope = `${LOCAL_CREDENTIALS.accessKeyId}/20260101/${LOCAL_REGION}/${service}/aws4_request`;
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(ANSWER_MILLISECONDS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${target} was refused: ${text}`);
  return JSON.parse(text || '{}');
}
