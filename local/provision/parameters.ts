import { PutParameterCommand } from '@aws-sdk/client-ssm';
import { KNOB_NAMES, KNOB_RULES } from '../../lambda/scaler/knobs';
import type { Clients } from '../aws/clients';
import type { Names } from './names';

/** Every runtime knob starts as `configured`: the value in the scaler's own environment holds. */
export async function makeParameters({ ssm }: Clients, names: Names, taskDefinition: string): Promise<void> {
  const put = (name: string, Value: string) =>
    ssm.send(new PutParameterCommand({ Name: `${names.parameterPath}${name}`, Value, Type: 'String' }));
  await Promise.all([
    ...KNOB_NAMES.map((knob) => put(KNOB_RULES[knob].parameter, 'configured')),
    put('task-definition', taskDefinition),
  ]);
}
