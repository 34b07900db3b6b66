import { NODE_APP_ID_CONFIG_OPTIONS } from '@aws-sdk/core/client';
import {
  loadConfig,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
} from '@smithy/core/config';

/** What the SDK reads of the environment and of the shared configuration files by itself. */
export interface SharedSettings {
  readonly useFips: boolean;
  readonly useDualStack: boolean;
  /** The worker's name, so that access logs tell who asked, and that of the application, if it has one. */
  readonly userAgent: string;
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html and feature-appid.html there */
export async function readSharedSettings(): Promise<SharedSettings> {
  const [useFips, useDualStack, appId] = await Promise.all([
    loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)(),
    loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS)(),
    loadConfig(NODE_APP_ID_CONFIG_OPTIONS)(),
  ]);
  return { useFips, useDualStack, userAgent: `spillway-worker${appId ? ` app/${appId}` : ''}` };
}
