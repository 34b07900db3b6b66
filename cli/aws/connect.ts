import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { createImages } from '../../deployer/aws/ecr';
import { createTaskDefinitions } from '../../deployer/aws/ecs';
import { createParameters } from '../../deployer/aws/ssm';
import type { Account } from '../session';

/** Somebody waits at a terminal. */
const TIMEOUTS = { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true };

/** AWS in one region. The SDK finds credentials and endpoints itself. */
export function connect(region: string): Account {
  const options = { region, maxAttempts: 3, requestHandler: TIMEOUTS };
  return {
    taskDefinitions: createTaskDefinitions(new ECSClient(options)),
    parameters: createParameters(new SSMClient(options)),
    images: createImages(new ECRClient(options)),
  };
}
