import { defaultEndpointResolver } from '@aws-sdk/client-s3/dist-es/endpoint/endpointResolver';
import {
  loadConfig,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
} from '@smithy/core/config';
import type { ClientSettings } from '../client';

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
export async function resolveBucket(
  bucket: string,
  { region, endpoint }: Pick<ClientSettings, 'region' | 'endpoint'>,
): Promise<BucketEndpoint> {
  const [useFips, useDualStack] = await Promise.all([
    loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)(),
    loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS)(),
  ]);
  const { url, properties } = defaultEndpointResolver({
    Bucket: bucket,
    Region: region,
    UseFIPS: useFips,
    UseDualStack: useDualStack,
    ForcePathStyle: endpoint !== undefined,
    ...(endpoint === undefined ? {} : { Endpoint: endpoint }),
  });
  const [scheme] = properties?.authSchemes ?? [];
  return {
    origin: url,
    path: url.pathname.replace(/\/$/, ''),
    signingRegion: String(scheme?.signingRegion ?? region),
    isSigV4: scheme?.name === 'sigv4' && scheme.signingName === 's3',
  };
}
