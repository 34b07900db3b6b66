import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pipeline } from '../../local/ports';
import type { AwsClients } from '../emulator/clients';

/** Requests of the scaler name it so, with the id of its process behind it. */
export const SCALER_NAME = 'scaler-';

/**
 * Kills the function's process that sent a request, if it still lives: another of its requests may
 * have met the same fate.
 */
export function killScaler(who: string): void {
  try {
    process.kill(Number(who.slice(SCALER_NAME.length)), 'SIGKILL');
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'ESRCH') throw error;
  }
}

/**
 * Leads the deployed function to proxies, and lets it name its process in its requests. Its code is
 * not changed.
 */
export async function leadScaler(
  { lambda }: AwsClients,
  { scalerFunctionName: FunctionName, queueUrl }: Pipeline,
  folder: string,
  { endpoint, ecsEndpoint }: { readonly endpoint: string; readonly ecsEndpoint: string },
): Promise<void> {
  const naming = join(folder, 'naming.js');
  await writeFile(naming, `process.env.AWS_SDK_UA_APP_ID = '${SCALER_NAME}' + process.pid;`);
  const { Environment } = await lambda.getFunctionConfiguration({ FunctionName });
  const Variables = {
    ...Environment?.Variables,
    NODE_OPTIONS: `--require ${naming}`,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_SSM: endpoint,
    AWS_ENDPOINT_URL_ECS: ecsEndpoint,
    QUEUE_URL: `${endpoint}${new URL(queueUrl).pathname}`,
  };
  await lambda.updateFunctionConfiguration({ FunctionName, Environment: { Variables } });
}
