import type { AwsRequest } from '../../local/ecs/aws-http';

/** One call of AWS's API as it went over the wire. */
export interface AwsCall {
  /** Prefix of the service's actions in IAM, such as `sqs`. */
  readonly service: string;
  /** Name in the service's API reference, such as `DeleteMessageBatch`. */
  readonly operation: string;
  /**
   * For S3 `Bucket`, `Key` (`Keys` of DeleteObjects, `Prefix` of a listing) and the headers that
   * need a permission of their own; for EC2 the fields of its form; else the JSON that was sent.
   */
  readonly input: Readonly<Record<string, unknown>>;
  /** HTTP status of the answer; 0 before there is one. */
  readonly status: number;
}

/** First part of `X-Amz-Target` to the service's prefix in IAM. */
const JSON_SERVICES: Readonly<Record<string, string>> = {
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AmazonSQS: 'sqs',
  AmazonSSM: 'ssm',
  GraniteServiceVersion20100801: 'cloudwatch',
  Logs_20140328: 'logs',
  SpencerFrontendService: 'ecr-public',
};

const FORM = 'application/x-www-form-urlencoded';
const EC2_VERSION = '2016-11-15';

/** What these methods mean for an object, when no query asks for something else. */
const OBJECT_OPERATIONS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  HEAD: 'HeadObject',
  PUT: 'PutObject',
  DELETE: 'DeleteObject',
};

/** Query parameters that only name the operation, or its version, again. */
const HARMLESS_PARAMETERS = new Set(['x-id']);
const TELLING_HEADERS = ['x-amz-acl', 'x-amz-tagging', 'x-amz-copy-source'];

/** @throws Error for an unknown call: a recording that leaves calls out proves nothing. */
export function parseCall(
  request: Pick<AwsRequest, 'method' | 'path' | 'headers' | 'body'>,
  status = 0,
): AwsCall {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return jsonCall(target, request.body, status);
  if (`${request.headers['content-type']}`.startsWith(FORM)) return formCall(request.body, status);
  return bucketCall(request, status) ?? objectCall(request, status);
}

function jsonCall(target: string, body: Buffer, status: number): AwsCall {
  const [version = '', operation = ''] = target.split('.');
  const service = JSON_SERVICES[version];
  if (!service)
    throw new Error(`Expected a call of ${Object.keys(JSON_SERVICES)} but recorded ${target}.`);
  return { service, operation, input: JSON.parse(body.toString() || '{}'), status };
}

/**
 * EC2 takes forms, with the operation as a field:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
 */
function formCall(body: Buffer, status: number): AwsCall {
  const {
    Action: operation = '',
    Version,
    ...input
  } = Object.fromEntries(new URLSearchParams(body.toString()));
  if (Version !== EC2_VERSION) {
    throw new Error(
      `Expected a form of EC2, version ${EC2_VERSION}, but recorded ${operation} of ${Version}.`,
    );
  }
  return { service: 'ec2', operation, input, status };
}

type S3Request = Pick<AwsRequest, 'method' | 'path' | 'headers' | 'body'>;

/** A look at a bucket, its listing, or a deletion of many of its objects. */
function bucketCall({ method, path, body }: S3Request, status: number): AwsCall | undefined {
  const { bucket: Bucket, key, parameters } = readPath(path);
  if (key !== '') return undefined;
  if (method === 'HEAD')
    return { service: 's3', operation: 'HeadBucket', input: { Bucket }, status };
  if (method === 'GET' && parameters.get('list-type') === '2') {
    const input = { Bucket, Prefix: parameters.get('prefix') ?? '' };
    return { service: 's3', operation: 'ListObjectsV2', input, status };
  }
  if (method === 'POST' && parameters.has('delete')) {
    const Keys = [...body.toString().matchAll(/<Key>(.*?)<\/Key>/g)].map(([, text = '']) =>
      unescapeXml(text),
    );
    return { service: 's3', operation: 'DeleteObjects', input: { Bucket, Keys }, status };
  }
  return undefined;
}

function objectCall({ method, path, headers }: S3Request, status: number): AwsCall {
  const { bucket: Bucket, key: Key, parameters } = readPath(path);
  const asked = [...parameters.keys()].filter((name) => !HARMLESS_PARAMETERS.has(name));
  const operation = OBJECT_OPERATIONS[method];
  if (!operation || Key === '' || asked.length > 0) {
    throw new Error(`Expected a call for whole S3 objects but recorded ${method} ${path}.`);
  }
  const telling = TELLING_HEADERS.filter((name) => headers[name] !== undefined);
  return {
    service: 's3',
    operation,
    input: { Bucket, Key, ...Object.fromEntries(telling.map((name) => [name, headers[name]])) },
    status,
  };
}

function readPath(path: string) {
  const url = new URL(path, 'http://127.0.0.1');
  const [bucket = '', ...key] = url.pathname.slice(1).split('/').map(decodeURIComponent);
  return { bucket, key: key.join('/'), parameters: url.searchParams };
}

const XML_ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
};

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (entity) => XML_ENTITIES[entity] ?? entity);
}
