import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../local/environment';

/** An operation of a service that speaks JSON, such as `AWSEvents.ListRules` of `events`. */
export interface Operation {
  readonly service: string;
  readonly target: string;
  readonly input: object;
}

/** Asks the emulator what no SDK client at hand asks. @throws Error with a failed answer. */
export async function askJson<T>(
  endpoint: string,
  { service, target, input }: Operation,
): Promise<T> {
  const scope = `${LOCAL_ACCOUNT_ID}/20260101/${LOCAL_REGION}/${service}/aws4_request`;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${target} was answered with ${response.status}: ${text}`);
  return JSON.parse(text || '{}') as T;
}
