import type { AwsCredentialIdentityProvider } from '@smithy/types';

/**
 * The SDK's own chain, loaded when it is first asked: environment, container, instance and the
 * rest. It remembers what it found and renews it five minutes before it expires.
 */
export function credentialChain(): AwsCredentialIdentityProvider {
  let chain: Promise<AwsCredentialIdentityProvider> | undefined;
  return async (properties) => {
    chain ??= import('@aws-sdk/credential-provider-node').then(({ defaultProvider }) =>
      defaultProvider(),
    );
    return (await chain)(properties);
  };
}
