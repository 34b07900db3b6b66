import { type PipelineId, pipelineNames } from '../../contract/names';

/** What a pipeline's resources are called where they were made. */
export interface Called {
  readonly id: PipelineId;
  readonly cluster: string;
  readonly workQueue: { readonly arn: string; readonly url: string };
  readonly deadLetterQueue: { readonly arn: string; readonly url: string };
  readonly sourceBucket: { readonly arn: string; readonly name: string };
  readonly destinationBucket: string;
  readonly scalerArn: string;
}

/** The role of each of a pipeline's names. */
export function rolesOf(called: Called): Readonly<Record<string, string>> {
  const names = pipelineNames(called.id);
  return {
    [called.id.environment]: '<environment>',
    [called.id.pipeline]: '<pipeline>',
    [names.queue]: '<work queue>',
    [names.deadLetterQueue]: '<dead-letter queue>',
    [names.taskFamily]: '<family>',
    [names.scaler]: '<scaler>',
    [names.parameterPath]: '<parameters>',
    [called.cluster]: '<cluster>',
    [called.workQueue.arn]: '<work queue ARN>',
    [called.workQueue.url]: '<work queue URL>',
    [called.deadLetterQueue.arn]: '<dead-letter queue ARN>',
    [called.deadLetterQueue.url]: '<dead-letter queue URL>',
    [called.sourceBucket.name]: '<source bucket>',
    [called.sourceBucket.arn]: '<source bucket ARN>',
    [called.destinationBucket]: '<destination bucket>',
    [called.scalerArn]: '<scaler ARN>',
  };
}
