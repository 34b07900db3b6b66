import {
  baseEnvironment,
  LOCAL_ACCOUNT_ID,
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  type Variables,
} from '../environment';

/**
 * The variables of ministack: only loopback, and no variable of the user. It writes all its files
 * into `folder`.
 */
export function ministackEnvironment(folder: string, port: number, identity: string): Variables {
  return {
    ...baseEnvironment(folder),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_ACCOUNT_ID: LOCAL_ACCOUNT_ID,
    MINISTACK_REGION: LOCAL_REGION,
    MINISTACK_EDITION: identity,
    // These would listen on fixed ports, and a second emulator could not start.
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    LAMBDA_EXECUTOR: 'local',
    STATE_DIR: `${folder}/state`,
    S3_DATA_DIR: `${folder}/s3`,
    LOG_LEVEL: 'WARNING',
    PYTHONUNBUFFERED: '1',
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
