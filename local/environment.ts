/**
 * The variables of the processes of a local run. They have nothing of the user's AWS settings: no
 * profile, no credentials, no endpoint, no instance metadata.
 */

/** The emulator takes a twelve-digit access key for the account, so both are one number. */
export const LOCAL_ACCOUNT_ID = '123456789012';

export const LOCAL_REGION = 'us-east-1';

/** Credentials without access to anything. The emulator does not check their secret. */
export const LOCAL_CREDENTIALS = {
  accessKeyId: LOCAL_ACCOUNT_ID,
  secretAccessKey: 'local',
} as const;

export type Variables = Readonly<Record<string, string>>;

/** AWS variables of every process: dummy credentials, the local endpoint and no user files. */
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
    // Otherwise the log of every task ends with the SDK's advice about Node versions.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}

/**
 * Variables that a process needs beside those of AWS: a PATH that begins with the folder of our own
 * `node`, and a home and temporary folder of its own, so that it leaves no file behind and reads
 * nothing of the user's home.
 */
export function baseEnvironment(
  folder: string,
  path: string = process.env.PATH ?? '/usr/bin:/bin',
  node: string = process.execPath,
): Variables {
  const nodeFolder = node.slice(0, node.lastIndexOf('/'));
  return { PATH: `${nodeFolder}:${path}`, HOME: folder, TMPDIR: folder, LANG: 'C.UTF-8' };
}

/**
 * The same for a process that starts programs of the user's: those are found in the order of his
 * PATH, such as the Python of a virtual environment.
 */
export function programEnvironment(
  folder: string,
  path: string = process.env.PATH ?? '',
): Variables {
  return { ...baseEnvironment(folder), PATH: path };
}
