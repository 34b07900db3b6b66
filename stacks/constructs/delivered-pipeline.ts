import { Construct } from 'constructs';
import { Canary } from './canary';
import type { EncryptionKey } from './encryption-key';
import type { EnvironmentScope } from './environment-scope';
import type { ImageRepository } from './image-repository';
import type { Cluster, Network } from './network';
import type { Pipeline } from './pipeline';
import { TargetParameters } from './target-parameters';

export interface DeliveredPipelineProps {
  readonly pipeline: Pipeline;
  readonly images: ImageRepository;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly key: EncryptionKey | undefined;
}

/** What the delivery has for one pipeline: its canary and its parameters. */
export class DeliveredPipeline extends Construct {
  readonly pipeline: Pipeline;
  readonly canary: Canary;
  readonly parameters: TargetParameters;

  constructor(scope: Construct, id: string, at: EnvironmentScope, props: DeliveredPipelineProps) {
    super(scope, id);
    const { pipeline, images, network, cluster, key } = props;
    this.pipeline = pipeline;
    this.canary = new Canary(this, 'canary', at, { pipeline, key });
    const { canary } = this;
    this.parameters = new TargetParameters(this, 'parameters', at, {
      pipeline,
      canary,
      images,
      network,
      cluster,
    });
  }
}
