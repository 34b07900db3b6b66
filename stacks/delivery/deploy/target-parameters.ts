import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import {
  DELIVERY_PARAMETERS,
  type DeliveryTarget,
  NO_OUTCOME_YET,
} from '../../../contract/delivery';
import { RECIPE_PARAMETER, TASK_DEFINITION_PARAMETER } from '../../../contract/parameters';
import type { Cluster, Network } from '../../core-infra/network';
import { EnvironmentScope } from '../../iam/environment-scope';
import type { Pipeline } from '../../queue-processing/pipeline';
import type { ImageRepository } from '../build/image-repository';
import type { Canary } from './canary';

export interface TargetParametersProps {
  readonly pipeline: Pipeline;
  readonly canary: Canary;
  readonly images: ImageRepository;
  readonly network: Network;
  readonly cluster: Cluster;
}

/** The deployer's input for one pipeline, which Terraform owns, and its output. */
export class TargetParameters extends Construct {
  /** Path of both, with a slash at both ends. */
  readonly path: string;
  /** Name of the parameter that Terraform owns. */
  readonly targetParameter: string;
  /** Names of the parameters whose values the deployer owns. */
  readonly deployerParameters: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TargetParametersProps,
  ) {
    super(scope, id);
    const { name: pipeline } = props.pipeline.props;
    this.path = EnvironmentScope.of(this).pipelineNames(pipeline).deliveryPath;
    this.targetParameter = `${this.path}${DELIVERY_PARAMETERS.target}`;
    const outcome = `${this.path}${DELIVERY_PARAMETERS.outcome}`;
    const runtime = [TASK_DEFINITION_PARAMETER, RECIPE_PARAMETER];
    this.deployerParameters = [
      outcome,
      ...runtime.map((name) => `${props.pipeline.parameterPath}${name}`),
    ];
    new SsmParameter(this, 'target', {
      name: this.targetParameter,
      description: `What a deploy brings to ${pipeline}, and where; Terraform writes it`,
      type: 'String',
      value: JSON.stringify(this.target()),
    });
    new SsmParameter(this, 'outcome', {
      name: outcome,
      // With another description, Terraform would write the value that it has read again.
      description:
        `How the last deploy of ${pipeline} went; ` +
        `\`${NO_OUTCOME_YET}\`: there was ${NO_OUTCOME_YET}`,
      type: 'String',
      value: NO_OUTCOME_YET,
      lifecycle: { ignoreChanges: ['value'] },
    });
  }

  private target(): DeliveryTarget {
    const { pipeline, canary, images, network, cluster } = this.props;
    const { name, settings, source, destination } = pipeline.props;
    return {
      pipeline: name,
      workload: settings.workload,
      architecture: settings.architecture,
      templateRevision: pipeline.task.revisionArn,
      taskFamily: pipeline.task.family,
      cluster: cluster.name,
      subnetIds: network.subnetIds,
      securityGroupIds: [pipeline.task.securityGroupId],
      assignPublicIp: network.assignPublicIp,
      parameterPath: pipeline.parameterPath,
      sourceBucket: source.bucketName,
      destinationBucket: destination.bucketName,
      accountId: EnvironmentScope.of(this).accountId,
      canaryQueueUrl: canary.queue.queueUrl,
      canaryDeadLetterQueueUrl: canary.queue.deadLetterQueueUrl,
      workerLogGroup: pipeline.task.logGroupName,
      repository: images.name,
      repositoryUri: images.uri,
    };
  }
}
