import {
  loadConfig,
  NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS,
  NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS,
} from '@smithy/core/config';

/** What the SDK reads of the environment and of the shared configuration files by itself. */
export interface SharedSettings {
  readonly useFips: boolean;
  readonly useDualStack: boolean;
  /**
   * The worker's name, so that access logs tell who asked, and that of the application, if it has
   * one.
   */
  readonly userAgent: string;
}

/** As the SDK has it: https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html */
const APPLICATION = {
  environmentVariableSelector: (variables: NodeJS.ProcessEnv) => variables.AWS_SDK_UA_APP_ID,
  configFileSelector: (profile: Readonly<Record<string, string | undefined>>) =>
    profile.sdk_ua_app_id,
  default: '',
};

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-endpoints.html */
export async function readSharedSettings(): Promise<SharedSettings> {
  const [useFips, useDualStack, appId] = await Promise.all([
    loadConfig(NODE_USE_FIPS_ENDPOINT_CONFIG_OPTIONS)(),
    loadConfig(NODE_USE_DUALSTACK_ENDPOINT_CONFIG_OPTIONS)(),
    loadConfig(APPLICATION)(),
  ]);
  return { useFips, useDualStack, userAgent: `spillway-worker${appId ? ` app/${appId}` : ''}` };
}
