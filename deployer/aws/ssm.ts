import { GetParameterCommand, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Parameters, ParameterValue } from '../ports';

export function createParameters(client: SSMClient): Parameters {
  return {
    read: (name) => read(client, name),
    async write(name, Value) {
      const answer = await client.send(
        new PutParameterCommand({ Name: name, Value, Type: 'String', Overwrite: true }),
      );
      if (answer.Version === undefined)
        throw new Error(`SSM did not say which version of ${name} it has written.`);
      return answer.Version;
    },
    async readVersion(name, version) {
      return (await read(client, `${name}:${version}`)).value;
    },
  };
}

async function read(client: SSMClient, Name: string): Promise<ParameterValue> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    return { value: Parameter?.Value ?? '', version: Parameter?.Version ?? 0 };
  } catch (error) {
    const isMissing = error instanceof Error && /^Parameter(Version)?NotFound$/.test(error.name);
    if (!isMissing) throw error;
    throw new Error(`There is no parameter ${Name}: deploy the stacks of this environment first.`, {
      cause: error,
    });
  }
}
