import { GetParametersByPathCommand, type SSMClient } from '@aws-sdk/client-ssm';
import type { Parameters } from '../ports';

/** The parameters right below a path, from SSM Parameter Store, ten to a page. */
export function createParameters(client: SSMClient, path: string): Parameters {
  return {
    async read() {
      const values = new Map<string, string>();
      let NextToken: string | undefined;
      do {
        const page = await client.send(new GetParametersByPathCommand({ Path: path, NextToken }));
        for (const { Name, Value } of page.Parameters ?? []) {
          if (Name?.startsWith(path) && Value !== undefined)
            values.set(Name.slice(path.length), Value);
        }
        NextToken = page.NextToken;
      } while (NextToken);
      return values;
    },
  };
}
