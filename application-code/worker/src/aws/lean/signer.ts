import { createHash, createHmac } from 'node:crypto';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

/** What a signature covers: all that is sent, except the agent's name. */
export interface UnsignedRequest {
  readonly method: string;
  /** As it is sent. */
  readonly path: string;
  /** Names in lower case; with `host`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

export interface Scope {
  readonly service: string;
  readonly region: string;
  readonly date: Date;
}

type Headers = Readonly<Record<string, string>>;

const ALGORITHM = 'AWS4-HMAC-SHA256';
const EMPTY_BODY = createHash('sha256').digest('hex');
/** A proxy may change it. */
const UNSIGNED = 'user-agent';

/**
 * Signs requests by Signature Version 4, without a query: none of ours has one. That takes a third
 * of the CPU time of `@smithy/signature-v4`, which the tests hold it to.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export class Signer {
  /** One for each day, region and secret: a handful in the life of a task. */
  private readonly keys = new Map<string, Buffer>();

  constructor(private readonly credentials: AwsCredentialIdentityProvider) {}

  /** @returns the headers of the request with its signature. */
  async sign(request: UnsignedRequest, scope: Scope): Promise<Headers> {
    const identity = await this.credentials();
    const time = scope.date.toISOString().replace(/[-:]|\.\d+/g, '');
    const place = `${time.slice(0, 8)}/${scope.region}/${scope.service}/aws4_request`;
    const payload = request.body ? sha256(request.body) : EMPTY_BODY;
    const headers: Record<string, string> = {
      ...request.headers,
      'x-amz-content-sha256': payload,
      'x-amz-date': time,
    };
    if (identity.sessionToken) headers['x-amz-security-token'] = identity.sessionToken;
    const names = Object.keys(headers).filter((name) => name !== UNSIGNED);
    names.sort();
    const lines = names.map((name) => `${name}:${trimmed(headers[name] ?? '')}\n`).join('');
    const signed = names.join(';');
    const canonical = [request.method, pathOf(request, scope), '', lines, signed, payload].join(
      '\n',
    );
    const text = [ALGORITHM, time, place, sha256(canonical)].join('\n');
    const signature = createHmac('sha256', this.keyOf(identity, place)).update(text).digest('hex');
    const credential = `Credential=${identity.accessKeyId}/${place}`;
    headers.authorization =
      `${ALGORITHM} ${credential}, SignedHeaders=${signed}, ` + `Signature=${signature}`;
    return headers;
  }

  private keyOf({ secretAccessKey }: AwsCredentialIdentity, place: string): Buffer {
    const name = `${place} ${secretAccessKey}`;
    const known = this.keys.get(name);
    if (known) return known;
    const key = place.split('/').reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`) as Buffer;
    this.keys.set(name, key);
    return key;
  }
}

const sha256 = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string) =>
  createHmac('sha256', key).update(data).digest();

/** Values are signed with single spaces, however they are sent. */
function trimmed(value: string): string {
  return /^\s|\s$|\s\s|\t/.test(value) ? value.trim().replace(/\s+/g, ' ') : value;
}

/** S3 alone signs a path as it is sent, the others escape it once more. */
function pathOf({ path }: UnsignedRequest, { service }: Scope): string {
  return service === 's3' ? path : path.split('/').map(encodeURIComponent).join('/');
}
