import { extendedEncodeURIComponent, type HttpResponse } from '@smithy/core/protocols';
import type {
  BucketName,
  NewObject,
  ObjectHeaders,
  ObjectName,
  OpenedBody,
  S3Calls,
} from '../calls';
import { readBody, readText } from '../read-body';
import { checksumHeaders, checksumOf } from './checksum';
import type { BucketEndpoint } from './s3-endpoints';
import { ServiceError } from './service-error';
import { type Call, type LeanSettings, SignedCalls } from './signed-calls';

/** What a call asks of an object, or of its bucket when there is no key. */
type Ask = Pick<Call, 'method' | 'headers' | 'body' | 'signal'> &
  BucketName & { readonly key?: string };

/** The calls of S3, each with one request when nothing fails. */
export class LeanS3 implements S3Calls {
  private readonly calls: SignedCalls;
  private readonly endpoints = new Map<string, Promise<BucketEndpoint>>();
  private sdk: Promise<S3Calls> | undefined;

  constructor(private readonly settings: LeanSettings) {
    this.calls = new SignedCalls(settings, { signingName: 's3', readError });
  }

  async getObject(name: ObjectName, signal: AbortSignal): Promise<OpenedBody> {
    const sdk = await this.sdkFor(name);
    if (sdk) return sdk.getObject(name, signal);
    const headers = { 'x-amz-checksum-mode': 'ENABLED' };
    return this.send({ ...name, method: 'GET', headers, signal }, openedBody);
  }

  async headObject(name: ObjectName, signal: AbortSignal): Promise<ObjectHeaders> {
    const sdk = await this.sdkFor(name);
    if (sdk) return sdk.headObject(name, signal);
    return this.send({ ...name, method: 'HEAD', headers: {}, signal }, finished);
  }

  async putObject(object: NewObject, signal: AbortSignal): Promise<void> {
    const { body, contentType, cacheControl, contentDisposition, metadata, ...name } = object;
    const sdk = Buffer.isBuffer(body) ? await this.sdkFor(object) : await this.loadSdk();
    if (sdk || !Buffer.isBuffer(body)) return sdk?.putObject(object, signal);
    const headers: Record<string, string> = {
      'content-type': contentType,
      'content-length': String(body.length),
      ...checksumHeaders(body),
      ...(cacheControl && { 'cache-control': cacheControl }),
      ...(contentDisposition && { 'content-disposition': contentDisposition }),
    };
    for (const [field, value] of Object.entries(metadata)) headers[`x-amz-meta-${field}`] = value;
    await this.send({ ...name, method: 'PUT', headers, body, signal }, finished);
  }

  async headBucket(name: BucketName, signal: AbortSignal): Promise<void> {
    const sdk = await this.sdkFor(name);
    if (sdk) return sdk.headBucket(name, signal);
    await this.send({ ...name, method: 'HEAD', headers: {}, signal }, finished);
  }

  private async send<Output>(
    ask: Ask,
    read: (response: HttpResponse) => Output | Promise<Output>,
  ): Promise<Output> {
    const endpoint = await this.endpointOf(ask.bucket);
    try {
      return await this.calls.send(callOf(ask, endpoint), read);
    } catch (error) {
      const region = otherRegion(error, endpoint);
      if (region === undefined) throw error;
      return this.calls.send(callOf(ask, await this.moveTo(region, ask.bucket)), read);
    }
  }

  private endpointOf(bucket: string): Promise<BucketEndpoint> {
    return this.endpoints.get(bucket) ?? this.moveTo(this.settings.region, bucket);
  }

  private moveTo(region: string, bucket: string): Promise<BucketEndpoint> {
    const endpoint = this.resolve(region, bucket);
    this.endpoints.set(bucket, endpoint);
    return endpoint;
  }

  /** The rules are loaded when the first message has come: a worker asks for that sooner. */
  private async resolve(region: string, bucket: string): Promise<BucketEndpoint> {
    const { resolveBucket } = await import('./s3-endpoints');
    return resolveBucket(bucket, { ...this.settings, region }, await this.settings.shared());
  }

  /**
   * The SDK's own client for buckets that are not signed as all others are, such as directory
   * buckets.
   */
  private async sdkFor({ bucket }: BucketName): Promise<S3Calls | undefined> {
    return (await this.endpointOf(bucket)).isSigV4 ? undefined : this.loadSdk();
  }

  private loadSdk(): Promise<S3Calls> {
    this.sdk ??= import('../sdk-calls').then(({ sdkS3Calls }) => sdkS3Calls(this.settings));
    return this.sdk;
  }
}

function callOf(
  { key, expectedBucketOwner, headers, ...ask }: Ask,
  endpoint: BucketEndpoint,
): Call {
  const { origin, path, signingRegion } = endpoint;
  const owner = expectedBucketOwner ? { 'x-amz-expected-bucket-owner': expectedBucketOwner } : {};
  return {
    ...ask,
    origin,
    path: `${path}/${key === undefined ? '' : escapeKey(key)}`,
    headers: { ...headers, ...owner },
    signingRegion,
  };
}

function escapeKey(key: string): string {
  return key.split('/').map(extendedEncodeURIComponent).join('/');
}

/** S3 answers a request to another region's endpoint with the region of the bucket. */
const REDIRECTS = [301, 307, 400];

function otherRegion(error: unknown, { signingRegion }: BucketEndpoint): string | undefined {
  if (!(error instanceof ServiceError) || !REDIRECTS.includes(error.$metadata.httpStatusCode))
    return undefined;
  return error.bucketRegion === signingRegion ? undefined : error.bucketRegion;
}

function openedBody(response: HttpResponse): OpenedBody {
  const { headers, body } = response;
  const contentType = headers['content-type'];
  return { ...headersOf(response), contentType, body, checksum: checksumOf(headers) };
}

/** Reads to the end what is not looked at, so that its connection serves again. */
async function finished(response: HttpResponse): Promise<ObjectHeaders> {
  await readBody(response.body, () => undefined);
  return headersOf(response);
}

function headersOf({ headers }: HttpResponse): ObjectHeaders {
  const { etag, 'content-length': length, 'last-modified': modified } = headers;
  return {
    ...{ eTag: etag, bytes: length === undefined ? undefined : Number(length) },
    ...(modified !== undefined && { lastModified: new Date(modified) }),
  };
}

/** Reads the XML of an error of S3; a HEAD has none, and a proxy in between may answer in HTML. */
async function readError(response: HttpResponse): Promise<ServiceError> {
  const text = await readText(response.body);
  const { Code, Message } = text === '' ? {} : await errorIn(text);
  const code = Code ?? (response.statusCode === 404 ? 'NotFound' : undefined);
  return new ServiceError(response, code, Message);
}

async function errorIn(xml: string): Promise<{ Code?: string; Message?: string }> {
  const { parseXML } = await import('@aws-sdk/xml-builder');
  try {
    const { Error: error = {} } = parseXML(xml);
    return error;
  } catch {
    // The status alone says then what is to be done.
    return {};
  }
}
