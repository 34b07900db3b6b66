import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { Construct } from 'constructs';
import type { Architecture } from '../../../contract/delivery';
import type { EncryptionKey } from '../../iam/encryption-key';
import { EnvironmentScope } from '../../iam/environment-scope';
import { createLogGroup, grantWriteLog } from '../../iam/log-group';
import { ServiceRole } from '../../iam/service-role';
import type { ArtefactBucket } from '../artefact-bucket';
import { buildMachine } from './build-machine';
import type { ImageRepository } from './image-repository';

const BUILD_MINUTES = 30;
const QUEUED_MINUTES = 60;

export interface BuildProjectProps {
  readonly architecture: Architecture;
  readonly images: ImageRepository;
  readonly artefacts: ArtefactBucket;
  readonly key: EncryptionKey | undefined;
}

/**
 * Builds the image of a workload for one architecture, on a machine of that architecture, by the
 * repository's `buildspec.yml`.
 */
export class BuildProject extends Construct {
  readonly workload: string;
  readonly architecture: Architecture;
  readonly projectName: string;
  readonly arn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: BuildProjectProps,
  ) {
    super(scope, id);
    const { architecture, images, key } = props;
    const { workload } = images;
    const environment = EnvironmentScope.of(this);
    const name = `${environment.imageNames(workload).buildProject}-${architecture}`;
    const log = createLogGroup(this, 'log', { name: `${environment.path}/delivery/${id}`, key });
    const role = new ServiceRole(this, 'role', {
      roleName: name,
      service: 'codebuild.amazonaws.com',
      description: `Build of the workload ${workload} for ${architecture}: pushes its image`,
    });
    grantWriteLog(role, log);
    props.artefacts.grantReadArtefacts(role);
    images.grantBuild(role);
    const project = this.createProject(name, role, log);
    this.workload = workload;
    this.architecture = architecture;
    this.projectName = project.name;
    this.arn = project.arn;
  }

  private createProject(
    name: string,
    role: ServiceRole,
    log: CloudwatchLogGroup,
  ): CodebuildProject {
    const { architecture, images, key } = this.props;
    return new CodebuildProject(this, 'project', {
      name,
      description: `Image of the workload ${images.workload} for ${architecture}`,
      serviceRole: role.arn,
      buildTimeout: BUILD_MINUTES,
      queuedTimeout: QUEUED_MINUTES,
      source: { type: 'CODEPIPELINE', buildspec: 'buildspec.yml' },
      artifacts: { type: 'CODEPIPELINE' },
      // Docker runs in the build:
      // https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html
      environment: { ...buildMachine(architecture, this.variables()), privilegedMode: true },
      logsConfig: { cloudwatchLogs: { groupName: log.name } },
      ...(key && { encryptionKey: key.arn }),
    });
  }

  /** The variables of `buildspec.yml`, besides CodeBuild's own. */
  private variables() {
    const { architecture, images } = this.props;
    return {
      WORKLOAD: images.workload,
      REPOSITORY: images.name,
      REPOSITORY_URI: images.uri,
      CACHE_REPOSITORY_URI: images.cacheUri,
      ARCHITECTURE: architecture,
      SBOM: String(EnvironmentScope.of(this).environment.delivery.sbom),
    };
  }
}
