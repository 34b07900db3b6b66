import type { EnvironmentScope } from './environment-scope';

/** ARN of something in the account and region of an environment. */
export function regionalArn(
  { partition, environment, accountId }: EnvironmentScope,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${environment.region}:${accountId}:${resource}`;
}
