import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateRoleCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateScheduleCommand } from '@aws-sdk/client-scheduler';
import { PutParameterCommand } from '@aws-sdk/client-ssm';
import {
  CONFIGURED,
  KNOB_PARAMETERS,
  NO_RECIPE_YET,
  RECIPE_PARAMETER,
  TASK_DEFINITION_PARAMETER,
} from '../../contract/parameters';
import { SCALER_FUNCTION, SCHEDULE_INPUT, SCHEDULE_RETRY } from '../../contract/schedule';
import { LocalModeError } from '../../folder/errors';
import { DEFAULT_PIPELINE } from '../../stacks/config/schema';
import type { Clients } from '../aws/clients';
import type { Variables } from '../environment';
import { required } from './queues';
import type { Names } from './settings';

const ARCHIVE = join(__dirname, '..', '..', 'lambda', 'scaler', 'dist', 'scaler.zip');

/** One role for the function and its schedule, since the emulator does not check policies. */
export async function makeRole({ iam }: Clients, names: Names): Promise<string> {
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName: names.scaler,
      AssumeRolePolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: ['lambda.amazonaws.com', 'scheduler.amazonaws.com'] },
            Action: 'sts:AssumeRole',
          },
        ],
      }),
    }),
  );
  return required(Role?.Arn, 'ARN of the role');
}

/**
 * Makes the function as a deploy makes it.
 * @returns its ARN.
 * @throws LocalModeError when it has not been built.
 */
export async function makeScaler(
  { lambda }: Clients,
  names: Names,
  roleArn: string,
  variables: Variables,
): Promise<string> {
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName: names.scaler,
      Role: roleArn,
      Runtime: SCALER_FUNCTION.runtime,
      Handler: SCALER_FUNCTION.handler,
      Timeout: SCALER_FUNCTION.timeoutSeconds,
      MemorySize: SCALER_FUNCTION.memoryMiB,
      Environment: { Variables: { ...variables } },
      Code: { ZipFile: await readArchive() },
    }),
  );
  return required(FunctionArn, 'ARN of the scaler');
}

async function readArchive(): Promise<Uint8Array> {
  try {
    return await readFile(ARCHIVE);
  } catch {
    throw new LocalModeError(
      `The scaler's archive is missing at ${ARCHIVE}: make it with \`npm run build\`.`,
    );
  }
}

export async function schedule(
  { scheduler }: Clients,
  names: Names,
  functionArn: string,
  roleArn: string,
): Promise<void> {
  await scheduler.send(
    new CreateScheduleCommand({
      Name: names.scaler,
      ScheduleExpression: DEFAULT_PIPELINE.schedule,
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: functionArn,
        RoleArn: roleArn,
        Input: SCHEDULE_INPUT,
        RetryPolicy: {
          MaximumRetryAttempts: SCHEDULE_RETRY.maximumRetryAttempts,
          MaximumEventAgeInSeconds: SCHEDULE_RETRY.maximumEventAgeInSeconds,
        },
      },
    }),
  );
}

/** Every runtime knob starts as `configured`: the value in the scaler's environment holds. */
export async function makeParameters(
  { ssm }: Clients,
  names: Names,
  taskDefinition: string,
): Promise<void> {
  const put = (name: string, Value: string) =>
    ssm.send(
      new PutParameterCommand({ Name: `${names.parameterPath}${name}`, Value, Type: 'String' }),
    );
  await Promise.all([
    ...KNOB_PARAMETERS.map((knob) => put(knob, CONFIGURED)),
    put(TASK_DEFINITION_PARAMETER, taskDefinition),
    put(RECIPE_PARAMETER, NO_RECIPE_YET),
  ]);
}
