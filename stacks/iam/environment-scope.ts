import type { Environment } from '../config/blueprint-config';

/** Where a construct stands: the environment's settings, and what only AWS knows of it. */
export interface EnvironmentScope {
  readonly environment: Environment;
  /** Account of the deploy, twelve digits; a token until then. */
  readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`; a token until the deploy. */
  readonly partition: string;
}
