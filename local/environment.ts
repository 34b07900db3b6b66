/**
 * What the children of a local run see of the world. Nothing of the user's AWS set-up gets through:
 * no profile, no credentials, no inherited endpoint, no instance metadata.
 */

/**
 * A twelve-digit access key is taken as the account by the emulator, so these two are one number.
 */
export const LOCAL_ACCOUNT_ID = '123456789012';

export const LOCAL_REGION = 'us-east-1';

/** Credentials that open nothing; the emulator does not check their secret. */
export const LOCAL_CREDENTIALS = {
  accessKeyId: LOCAL_ACCOUNT_ID,
  secretAccessKey: 'local',
} as const;

export type Variables = Readonly<Record<string, string>>;

/**
 * AWS variables of every child: dummy credentials, the local endpoint, and no way to the user's
 * files.
 */
export function awsEnvironment(endpoint: string): Variables {
  return {
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // The SDK's advice about Node versions would be the last words of every task.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/**
 * What a process needs apart from AWS: a PATH whose first `node` is the one that runs us, and a
 * home and temporary folder of its own, so that nothing of it stays behind and nothing of the
 * user's home is read.
 */
export function baseEnvironment(
  folder: string,
  path: string = process.env.PATH ?? '/usr/bin:/bin',
  node: string = process.execPath,
): Variables {
  const nodeFolder = node.slice(0, node.lastIndexOf('/'));
  return { PATH: `${nodeFolder}:${path}`, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
}
