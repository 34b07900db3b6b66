import { TerraformResource } from 'cdktf';
import type { Construct, IConstruct } from 'constructs';
import {
  deliveryNames,
  environmentPrefix,
  imageNames,
  pipelineNames,
  pipelinePrefix,
} from '../../contract/names';
import type { Environment } from '../config/blueprint-config';

interface EnvironmentFacts {
  readonly environment: Environment;
  /** Account of the deploy, twelve digits; a token until the deploy. */
  readonly accountId: string;
  /** `aws`, `aws-cn`, `aws-us-gov`; a token until the deploy. */
  readonly partition: string;
}

const SCOPES = new WeakMap<IConstruct, EnvironmentScope>();

/** The environment of a construct and of all constructs below it. */
export class EnvironmentScope implements EnvironmentFacts {
  readonly environment: Environment;
  readonly accountId: string;
  readonly partition: string;

  constructor(root: IConstruct, { environment, accountId, partition }: EnvironmentFacts) {
    this.environment = environment;
    this.accountId = accountId;
    this.partition = partition;
    SCOPES.set(root, this);
  }

  /** Searches upwards from a construct, as `Stack.of` does in the CDK. */
  static of(construct: IConstruct): EnvironmentScope {
    for (const ancestor of construct.node.scopes.reverse()) {
      const scope = SCOPES.get(ancestor);
      if (scope) return scope;
    }
    throw new Error(
      `${construct.constructor.name} '${construct.node.path}' stands outside of an environment: ` +
        'put it below a CoreInfraStack, QueueProcessingStack or DeliveryStack.',
    );
  }

  /** `spillway-dev`: the prefix of names that are unique in the environment. */
  get prefix(): string {
    return environmentPrefix(this.environment);
  }

  /** `/spillway/dev`: the path of log groups and parameters. */
  get path(): string {
    return `/${this.environment.blueprint}/${this.environment.name}`;
  }

  get deliveryNames() {
    return deliveryNames(this.environment);
  }

  imageNames(workload: string) {
    return imageNames(this.environment, workload);
  }

  pipelineNames(pipeline: string) {
    return pipelineNames(this.pipelineId(pipeline));
  }

  /** `spillway-dev-photos`: the prefix of a pipeline's names. */
  pipelinePrefix(pipeline: string): string {
    return pipelinePrefix(this.pipelineId(pipeline));
  }

  /** ARN of a resource in the account and region of the environment. */
  arn(service: string, resource: string): string {
    const { region } = this.environment;
    return `arn:${this.partition}:${service}:${region}:${this.accountId}:${resource}`;
  }

  private pipelineId(pipeline: string) {
    const { blueprint, name } = this.environment;
    return { blueprint, environment: name, pipeline };
  }
}

/** All resources of these constructs, for the `dependsOn` of what starts right after it exists. */
export function resourcesBelow(...constructs: readonly Construct[]): TerraformResource[] {
  return constructs
    .flatMap((construct) => construct.node.findAll())
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node));
}
