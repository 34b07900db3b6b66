import type { AwsRequest, AwsResponse } from '../../local/ecs/aws-http';
import { type AwsCall, parseCall } from '../iam/aws-call';

/** A request in AWS's words, and who sent it. */
export interface Call extends Omit<AwsCall, 'status'> {
  /** Application id of the client: a task's id, or `scaler`. */
  readonly who: string;
  /** Of an S3 object, decoded; absent for what is about no object. */
  readonly key?: string;
}

/** @throws Error for an unknown request: a fault that is never tried proves nothing. */
export function callOf(request: AwsRequest): Call {
  const { service, operation, input } = parseCall(request);
  const key = service === 's3' && input.Key ? String(input.Key) : undefined;
  return { service, operation, input, who: applicationOf(request), ...(key && { key }) };
}

/** The SDK tells an application id (`AWS_SDK_UA_APP_ID`) at the end of its user agent. */
function applicationOf({ headers }: AwsRequest): string {
  return /\bapp\/(\S+)/.exec(String(headers['user-agent']))?.[1] ?? 'unknown';
}

/** A request like this one, with another JSON body. */
export function withInput(request: AwsRequest, input: unknown, operation?: string): AwsRequest {
  const { 'content-length': _length, ...headers } = request.headers;
  const target = String(headers['x-amz-target']).split('.')[0];
  return {
    ...request,
    headers: { ...headers, ...(operation && { 'x-amz-target': `${target}.${operation}` }) },
    body: Buffer.from(JSON.stringify(input)),
  };
}

/** Body of a JSON answer. */
export function outputOf({ body }: AwsResponse): Readonly<Record<string, unknown>> {
  return JSON.parse(body.toString() || '{}');
}
