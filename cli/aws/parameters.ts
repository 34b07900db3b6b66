import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { createParameters } from '../../deployer/aws/ssm';
import type { NamedParameters } from '../ports/account';

export function createNamedParameters(client: SSMClient): NamedParameters {
  return {
    ...createParameters(client),
    async below(Path) {
      const found = new Map<string, string>();
      let NextToken: string | undefined;
      do {
        const page = await client.send(
          new GetParametersByPathCommand({
            Path,
            Recursive: true,
            ...(NextToken && { NextToken }),
          }),
        );
        for (const { Name = '', Value = '' } of page.Parameters ?? []) found.set(Name, Value);
        NextToken = page.NextToken;
      } while (NextToken);
      return found;
    },
  };
}
