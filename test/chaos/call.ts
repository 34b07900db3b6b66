import type { Answer, Request } from '../../local/ecs/answer';

/** A request in AWS's words, and who sent it. */
export interface Call {
  readonly service: 's3' | 'sqs' | 'ecs' | 'ssm';
  /** Such as `PutObject` or `DeleteMessageBatch`. */
  readonly operation: string;
  /** Application id of the client: a task's id, or `scaler`. */
  readonly who: string;
  readonly bucket?: string;
  /** Decoded; absent for what is about no object. */
  readonly key?: string;
  /** Body of a JSON protocol; empty for S3. */
  readonly input: Readonly<Record<string, unknown>>;
}

const JSON_SERVICES = {
  AmazonSQS: 'sqs',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AmazonSSM: 'ssm',
} as const satisfies Readonly<Record<string, Call['service']>>;

const S3_OPERATIONS: Readonly<Record<string, string>> = {
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'PUT object': 'PutObject',
  'HEAD bucket': 'HeadBucket',
};

/** @throws Error for an unknown request: a fault that is never tried proves nothing. */
export function callOf(request: Request): Call {
  const who = applicationOf(request);
  const target = request.headers['x-amz-target'];
  return typeof target === 'string' ? jsonCall(target, request.body, who) : s3Call(request, who);
}

function jsonCall(target: string, body: Buffer, who: string): Call {
  const [version = '', operation = ''] = target.split('.');
  const service = JSON_SERVICES[version as keyof typeof JSON_SERVICES];
  if (!service)
    throw new Error(`Expected a call of ${Object.keys(JSON_SERVICES)} but received ${target}.`);
  return { service, operation, who, input: JSON.parse(body.toString() || '{}') };
}

function s3Call({ method, path }: Request, who: string): Call {
  const { pathname } = new URL(path, 'http://localhost');
  const [bucket = '', ...rest] = pathname.slice(1).split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const operation = S3_OPERATIONS[`${method} ${key ? 'object' : 'bucket'}`];
  if (!operation)
    throw new Error(`Expected a call of S3 that a worker makes but received ${method} ${path}.`);
  return { service: 's3', operation, who, bucket, ...(key && { key }), input: {} };
}

/** The SDK tells an application id (`AWS_SDK_UA_APP_ID`) at the end of its user agent. */
function applicationOf({ headers }: Request): string {
  return /\bapp\/(\S+)/.exec(String(headers['user-agent']))?.[1] ?? 'unknown';
}

/** A request like this one, with another JSON body. */
export function withInput(request: Request, input: unknown, operation?: string): Request {
  const { 'content-length': _length, ...headers } = request.headers;
  const target = String(headers['x-amz-target']).split('.')[0];
  return {
    ...request,
    headers: { ...headers, ...(operation && { 'x-amz-target': `${target}.${operation}` }) },
    body: Buffer.from(JSON.stringify(input)),
  };
}

/** Body of a JSON answer. */
export function outputOf({ body }: Answer): Readonly<Record<string, unknown>> {
  return JSON.parse(body.toString() || '{}');
}
