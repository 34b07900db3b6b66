import { PutParameterCommand } from '@aws-sdk/client-ssm';
import {
  CONFIGURED,
  KNOB_PARAMETERS,
  RECIPE_PARAMETER,
  TASK_DEFINITION_PARAMETER,
} from '../../contract/parameters';
import { NO_RECIPE_YET } from '../../contract/recipe-record';
import type { Clients } from '../aws/clients';
import type { Names } from './names';

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
