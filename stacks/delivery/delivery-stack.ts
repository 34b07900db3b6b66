import { Annotations, TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { type Architecture, IMAGE_DIGEST_VARIABLES } from '../../contract/delivery';
import type { Environment } from '../config/blueprint-config';
import { ARM_BUILD_REGIONS } from '../config/rules/delivery-rules';
import type { Cluster, Network } from '../core-infra/network';
import { EnvironmentStack } from '../environment-stack';
import type { EncryptionKey } from '../iam/encryption-key';
import type { Pipeline } from '../queue-processing/pipeline';
import { ArtefactBucket } from './artefact-bucket';
import { BuildProject } from './build/build-project';
import { ImageRepository } from './build/image-repository';
import { DeliveryCodePipeline, type DeliveryCodePipelineProps } from './code-pipeline';
import { DeliveryNotices } from './delivery-notices';
import { DeliveredPipeline } from './deploy/delivered-pipeline';
import { DeployProjects } from './deploy/deploy-projects';
import { RedeployRule } from './deploy/redeploy-rule';
import { DeployerArchive } from './deployer-archive';
import type { DeliverySource } from './source/delivery-source';
import { SourceArchive } from './source/source-archive';
import { SourceConnection } from './source/source-connection';

/** The core infrastructure, and the pipelines with their key. */
export interface DeliveryProps {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly pipelines: readonly Pipeline[];
  readonly key: EncryptionKey | undefined;
}

/** From a change of the code to the tasks. Empty if the settings name images for all pipelines. */
export class DeliveryStack extends EnvironmentStack {
  constructor(
    scope: Construct,
    private readonly environment: Environment,
    private readonly props: DeliveryProps,
  ) {
    super(scope, 'delivery', environment);
    const pipelines = props.pipelines.filter((pipeline) => pipeline.props.settings.image === null);
    if (pipelines.length > 0) this.createDelivery(pipelines);
  }

  private createDelivery(pipelines: readonly Pipeline[]): void {
    const { key, network, cluster } = this.props;
    const names = pipelines.map(({ props }) => props.name);
    const images = new ImageRepository(this, 'images', { pipelines: names, key });
    const artefacts = new ArtefactBucket(this, 'artefacts', { key });
    const archive = new DeployerArchive(this, 'deployer', { bucket: artefacts });
    const delivered = pipelines.map(
      (pipeline) =>
        new DeliveredPipeline(this, `pipeline-${pipeline.props.name}`, {
          pipeline,
          images,
          network,
          cluster,
          key,
        }),
    );
    const architectures = architecturesOf(pipelines);
    const [architecture = 'arm64'] = architectures;
    this.warnOfMissingMachines(architectures);
    const stage = { images, artefacts, key };
    const deploy = new DeployProjects(this, 'deploy', {
      ...stage,
      architecture,
      archive,
      delivered,
      cluster,
    });
    const source = this.createSource();
    new RedeployRule(this, 'redeploy', { delivered, deploy, archive });
    const notices = new DeliveryNotices(this, 'notices', {
      hasPipeline: source !== undefined,
      key,
    });
    if (source) this.createPipeline(architectures, { ...stage, source, deploy });
    this.createOutputs({
      image_repository: images.uri,
      notices_topic: notices.topicArn,
      deploy_image_command: deployCommand(deploy, architecture, this.environment.region),
    });
  }

  /** Only a warning: AWS's documents may lag behind its regions; a deploy may succeed. */
  private warnOfMissingMachines(architectures: readonly Architecture[]): void {
    const { name, region } = this.environment;
    if (!architectures.includes('arm64') || ARM_BUILD_REGIONS.includes(region)) return;
    Annotations.of(this).addWarning(
      `CodeBuild may have no ARM machines in ${region}, which the delivery of ` +
        `environments.${name} needs: AWS names ${ARM_BUILD_REGIONS.join(', ')} ` +
        '(https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateFleet.html). ' +
        `If the deploy of ${name}-delivery fails with an invalid environment type, ` +
        "set `architecture: 'x86_64'` in its pipelines.",
    );
  }

  private createSource(): DeliverySource | undefined {
    switch (this.environment.delivery.source) {
      case 'connection':
        return new SourceConnection(this, 'source');
      case 's3':
        return new SourceArchive(this, 'source', { key: this.props.key });
      case 'none':
        return undefined;
    }
  }

  private createPipeline(
    architectures: readonly Architecture[],
    {
      images,
      ...stage
    }: Omit<DeliveryCodePipelineProps, 'builds'> & { readonly images: ImageRepository },
  ): void {
    const builds = architectures.map(
      (architecture) =>
        new BuildProject(this, `build-${architecture}`, { architecture, images, ...stage }),
    );
    const pipeline = new DeliveryCodePipeline(this, 'delivery', { builds, ...stage });
    this.createOutputs({
      pipeline_name: pipeline.pipelineName,
      pipeline_url: pipeline.consoleUrl,
      ...stage.source.outputs,
    });
  }

  private createOutputs(values: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(values)) new TerraformOutput(this, name, { value });
  }
}

/** In a fixed order. */
function architecturesOf(pipelines: readonly Pipeline[]): readonly Architecture[] {
  const used = new Set(pipelines.map(({ props }) => props.settings.architecture));
  return (['arm64', 'x86_64'] as const).filter((architecture) => used.has(architecture));
}

/** The command that tries and promotes an image that was built elsewhere. */
function deployCommand(deploy: DeployProjects, architecture: Architecture, region: string): string {
  const variable = IMAGE_DIGEST_VARIABLES[architecture];
  return (
    `aws codebuild start-build --project-name ${deploy.redeployName} ` +
    `--environment-variables-override name=${variable},value=sha256:… --region ${region}`
  );
}
