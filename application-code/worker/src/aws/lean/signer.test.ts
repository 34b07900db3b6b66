import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import type { AwsCredentialIdentity, SourceData } from '@smithy/types';
import fc from 'fast-check';
import { Signer, type UnsignedRequest } from './signer';

const signatureIn = ({ authorization = '' }: Readonly<Record<string, string>>) =>
  /Signature=(\w+)$/.exec(authorization)?.[1];

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
describe('the examples that AWS has published', () => {
  const identity = {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const host = 'examplebucket.s3.amazonaws.com';

  test.each<[string, UnsignedRequest, string]>([
    [
      'a GET of a range',
      { method: 'GET', path: '/test.txt', headers: { host, range: 'bytes=0-9' } },
      'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    ],
    [
      'a PUT',
      {
        method: 'PUT',
        path: '/test%24file.text',
        headers: {
          host,
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
        body: Buffer.from('Welcome to Amazon S3.'),
      },
      '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    ],
  ])('%s has their signature', async (_, request, signature) => {
    const scope = { service: 's3', region: 'us-east-1', date: new Date('2013-05-24T00:00:00Z') };
    const headers = await new Signer(async () => identity).sign(request, scope);
    expect(signatureIn(headers)).toBe(signature);
  });
});

class Sha256 extends Hash {
  constructor(secret?: SourceData) {
    super('sha256', secret);
  }
}

const word = fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/);
const identities = fc.record(
  { accessKeyId: word, secretAccessKey: word, sessionToken: word },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
);
/** What HTTP lets through in a value, with the spaces that a signature does not see. */
const value = fc.stringMatching(/^[!-~ ]{0,30}$/);
const requests = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'PUT', 'POST'),
  path: fc
    .array(fc.string({ unit: 'grapheme' }), { maxLength: 4 })
    .map((parts) => `/${parts.map(encodeURIComponent).join('/')}`),
  headers: fc
    .dictionary(fc.stringMatching(/^x-amz-meta-[a-z0-9-]{1,12}$/), value)
    .map((metadata): Record<string, string> => ({ ...metadata, host: 'photos.s3.amazonaws.com' })),
  body: fc.option(fc.uint8Array().map(Buffer.from), { nil: undefined }),
});
const scopes = fc.record({
  region: fc.constantFrom('us-east-1', 'eu-central-1', 'cn-north-1'),
  date: fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true }),
});

async function bySmithy(request: UnsignedRequest, identity: AwsCredentialIdentity, scope: Scope) {
  const signer = new SignatureV4({
    ...scope,
    credentials: identity,
    sha256: Sha256,
    uriEscapePath: false,
  });
  const [hostname = ''] = [request.headers.host];
  const unsigned = new HttpRequest({ ...request, hostname, headers: { ...request.headers } });
  return (await signer.sign(unsigned, { signingDate: scope.date })).headers;
}
type Scope = { readonly service: string; readonly region: string; readonly date: Date };

describe('any request of S3', () => {
  test('has the signature of @smithy/signature-v4, after any other signer', async () => {
    let identity: AwsCredentialIdentity;
    const signer = new Signer(async () => identity);
    await fc.assert(
      fc.asyncProperty(requests, identities, scopes, async (request, drawn, where) => {
        identity = drawn;
        const scope = { service: 's3', ...where };
        const headers = await signer.sign(
          { ...request, headers: withAgent(request.headers) },
          scope,
        );
        expect(signatureIn(headers)).toBe(signatureIn(await bySmithy(request, drawn, scope)));
        expect(headers['x-amz-security-token']).toBe(drawn.sessionToken);
      }),
      { numRuns: 300 },
    );
  });
});

/** No part of a signature. */
const withAgent = (headers: UnsignedRequest['headers']) => ({
  ...headers,
  'user-agent': 'spillway-worker',
});
