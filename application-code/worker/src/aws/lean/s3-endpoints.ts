import { defaultEndpointResolver } from '@aws-sdk/client-s3/dist-es/endpoint/endpointResolver';
import type { ClientSettings } from '../settings';
import type { SharedSettings } from './shared-settings';

/** Where the requests for a bucket go. */
export interface BucketEndpoint {
  readonly origin: URL;
  /** Of every request: the bucket where the host does not name it, else empty. */
  readonly path: string;
  readonly signingRegion: string;
  /** False for buckets that are signed otherwise, such as directory buckets. */
  readonly isSigV4: boolean;
}

/** Resolves a bucket's endpoint by the SDK's own rules, FIPS and dual-stack ones included. */
export function resolveBucket(
  bucket: string,
  { region, s3Endpoint }: Pick<ClientSettings, 'region' | 's3Endpoint'>,
  { useFips, useDualStack }: SharedSettings,
): BucketEndpoint {
  const { url, properties } = defaultEndpointResolver({
    Bucket: bucket,
    Region: region,
    UseFIPS: useFips,
    UseDualStack: useDualStack,
    ForcePathStyle: s3Endpoint !== undefined,
    ...(s3Endpoint === undefined ? {} : { Endpoint: s3Endpoint }),
  });
  const [scheme] = properties?.authSchemes ?? [];
  return {
    origin: url,
    path: url.pathname.replace(/\/$/, ''),
    signingRegion: String(scheme?.signingRegion ?? region),
    isSigV4: scheme?.name === 'sigv4' && scheme.signingName === 's3',
  };
}
