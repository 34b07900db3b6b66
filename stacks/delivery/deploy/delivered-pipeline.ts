import { Construct } from 'constructs';
import type { EncryptionKey } from '../../iam/encryption-key';
import type { Pipeline } from '../../queue-processing/pipeline';
import { Canary } from './canary';
import { TargetParameters, type TargetParametersProps } from './target-parameters';

export interface DeliveredPipelineProps extends Omit<TargetParametersProps, 'canary'> {
  readonly key: EncryptionKey | undefined;
}

/** A pipeline with its canary and its parameters of the delivery. */
export class DeliveredPipeline extends Construct {
  readonly pipeline: Pipeline;
  readonly canary: Canary;
  readonly parameters: TargetParameters;

  constructor(scope: Construct, id: string, props: DeliveredPipelineProps) {
    super(scope, id);
    this.pipeline = props.pipeline;
    this.canary = new Canary(this, 'canary', props);
    this.parameters = new TargetParameters(this, 'parameters', { ...props, canary: this.canary });
  }
}
