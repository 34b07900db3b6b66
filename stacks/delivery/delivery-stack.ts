import { Annotations, TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { type Architecture, IMAGE_DIGEST_VARIABLES, namedDigest } from '../../contract/delivery';
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

/** The images of one workload, and the pipelines that run them. */
interface WorkloadImages {
  readonly workload: string;
  readonly images: ImageRepository;
  readonly pipelines: readonly Pipeline[];
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
    const workloads = this.createRepositories(pipelines);
    const artefacts = new ArtefactBucket(this, 'artefacts', { key });
    const archive = new DeployerArchive(this, 'deployer', { bucket: artefacts });
    const delivered = workloads.flatMap(({ images, pipelines: own }) =>
      own.map((pipeline) => {
        const props = { pipeline, images, network, cluster, key };
        return new DeliveredPipeline(this, `pipeline-${pipeline.props.name}`, props);
      }),
    );
    const architectures = architecturesOf(pipelines);
    const [architecture = 'arm64'] = architectures;
    this.warnOfMissingMachines(architectures);
    const stage = { artefacts, key };
    const deploy = new DeployProjects(this, 'deploy', {
      ...stage,
      repositories: workloads.map(({ images }) => images),
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
    if (source) this.createPipeline(workloads, { ...stage, source, deploy });
    this.createOutputs({
      ...repositoryOutputs(workloads),
      notices_topic: notices.topicArn,
      deploy_image_command: deployCommand(deploy, workloads, this.environment.region),
    });
  }

  private createRepositories(pipelines: readonly Pipeline[]): readonly WorkloadImages[] {
    const workloads = new Set(pipelines.map(({ props }) => props.settings.workload));
    return [...workloads].map((workload) => {
      const own = pipelines.filter(({ props }) => props.settings.workload === workload);
      const images = new ImageRepository(this, idOf('images', workload), {
        workload,
        pipelines: own.map(({ props }) => props.name),
        key: this.props.key,
      });
      return { workload, images, pipelines: own };
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
    workloads: readonly WorkloadImages[],
    stage: Omit<DeliveryCodePipelineProps, 'builds'>,
  ): void {
    const builds = workloads.flatMap(({ workload, images, pipelines }) =>
      architecturesOf(pipelines).map((architecture) => {
        const id = `${idOf('build', workload)}-${architecture}`;
        return new BuildProject(this, id, { architecture, images, ...stage });
      }),
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

/** The id of what each workload has; that of the default workload was there before the others. */
function idOf(what: 'images' | 'build', workload: string): string {
  return workload === DEFAULT_WORKLOAD ? what : `${what}-${workload}`;
}

/** In a fixed order. */
function architecturesOf(pipelines: readonly Pipeline[]): readonly Architecture[] {
  const used = new Set(pipelines.map(({ props }) => props.settings.architecture));
  return (['arm64', 'x86_64'] as const).filter((architecture) => used.has(architecture));
}

function repositoryOutputs(workloads: readonly WorkloadImages[]): Record<string, string> {
  return Object.fromEntries(
    workloads.map(({ workload, images }) => [
      `image_repository${workload === DEFAULT_WORKLOAD ? '' : `_${workload}`}`,
      images.uri,
    ]),
  );
}

/** The command that tries and promotes an image that was built elsewhere. */
function deployCommand(
  deploy: DeployProjects,
  [first]: readonly WorkloadImages[],
  region: string,
): string {
  const { workload = DEFAULT_WORKLOAD, pipelines = [] } = first ?? {};
  const [architecture = 'arm64'] = architecturesOf(pipelines);
  return (
    `aws codebuild start-build --project-name ${deploy.redeployName} ` +
    `--environment-variables-override name=${IMAGE_DIGEST_VARIABLES[architecture]},` +
    `value=${namedDigest(workload, 'sha256:…')} --region ${region}`
  );
}
