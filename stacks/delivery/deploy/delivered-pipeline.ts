import { Construct } from 'constructs';
import type { Cluster, Network } from '../../core-infra/network';
import type { EncryptionKey } from '../../iam/encryption-key';
import type { Pipeline } from '../../queue-processing/pipeline';
import type { ImageRepository } from '../build/image-repository';
import { Canary } from './canary';
import { TargetParameters } from './target-parameters';

export interface DeliveredPipelineProps {
  readonly pipeline: Pipeline;
  readonly images: ImageRepository;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly key: EncryptionKey | undefined;
}

/** A pipeline with its canary and its parameters of the delivery. */
export class DeliveredPipeline extends Construct {
  readonly pipeline: Pipeline;
  readonly canary: Canary;
  readonly parameters: TargetParameters;

  constructor(scope: Construct, id: string, props: DeliveredPipelineProps) {
    super(scope, id);
    const { pipeline, images, network, cluster, key } = props;
    this.pipeline = pipeline;
    this.canary = new Canary(this, 'canary', { pipeline, key });
    const { canary } = this;
    this.parameters = new TargetParameters(this, 'parameters', {
      pipeline,
      canary,
      images,
      network,
      cluster,
    });
  }
}
