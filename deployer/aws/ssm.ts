import {
  GetParameterCommand,
  type ParameterHistory,
  PutParameterCommand,
  paginateGetParameterHistory,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { Parameters, ParameterValue, ParameterVersion } from '../ports';

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
    history: (name) => history(client, name),
  };
}

async function read(client: SSMClient, Name: string): Promise<ParameterValue> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    return { value: Parameter?.Value ?? '', version: Parameter?.Version ?? 0 };
  } catch (error) {
    throw named(Name, error);
  }
}

/**
 * A page has at most 50 versions:
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html
 */
async function history(client: SSMClient, Name: string): Promise<readonly ParameterVersion[]> {
  const found: ParameterHistory[] = [];
  try {
    for await (const { Parameters } of paginateGetParameterHistory({ client }, { Name }))
      found.push(...(Parameters ?? []));
  } catch (error) {
    throw named(Name, error);
  }
  // SSM promises no order.
  return found
    .sort((a, b) => (b.Version ?? 0) - (a.Version ?? 0))
    .map(({ Value = '', LastModifiedDate }) => ({
      value: Value,
      modifiedAt: LastModifiedDate?.getTime() ?? 0,
    }));
}

/**
 * The error to throw instead of SSM's. Credentials that may read only some parameters are also
 * denied a parameter that does not exist: SSM does not say which of both it is.
 */
function named(Name: string, error: unknown): unknown {
  const sentence =
    error instanceof Error && SENTENCES.find(([names]) => names.test(error.name))?.[1];
  return sentence ? new Error(sentence(Name, error.message), { cause: error }) : error;
}

const SENTENCES: readonly (readonly [
  names: RegExp,
  sentence: (name: string, message: string) => string,
])[] = [
  [
    /^Parameter(Version)?NotFound$/,
    (name) => `There is no parameter ${name}: deploy the stacks of this environment first.`,
  ],
  [
    /^AccessDenied(Exception)?$/,
    (name, message) =>
      `There is no parameter ${name}, or these credentials may not read it (${message}): ` +
      'deploy the stacks of this environment first, or take credentials that may.',
  ],
];
