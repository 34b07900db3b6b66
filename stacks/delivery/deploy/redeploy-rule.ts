import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import { EnvironmentScope, resourcesBelow } from '../../iam/environment-scope';
import type { DeployerArchive } from '../deployer-archive';
import { StartRule } from '../start-rule';
import type { DeliveredPipeline } from './delivered-pipeline';
import type { DeployProjects } from './deploy-projects';

export interface RedeployRuleProps {
  readonly delivered: readonly DeliveredPipeline[];
  readonly deploy: DeployProjects;
  readonly archive: DeployerArchive;
}

/**
 * Starts a redeploy after a deploy of the stacks that changes tasks: the fleets then run the change
 * with their current image. One parameter holds the fingerprints of all pipelines, so that a deploy
 * starts one build for all: a new account may run one build at a time, and CodeBuild refuses more.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html
 */
export class RedeployRule extends Construct {
  constructor(scope: Construct, id: string, { delivered, deploy, archive }: RedeployRuleProps) {
    super(scope, id);
    const { environment, deliveryNames } = EnvironmentScope.of(this);
    const { templatesParameter, redeployProject } = deliveryNames;
    const start = new StartRule(this, 'start', {
      name: `${redeployProject}-start`,
      description: `A change of tasks by a deploy of ${environment.name} starts a redeploy`,
      // https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
      pattern: {
        source: ['aws.ssm'],
        'detail-type': ['Parameter Store Change'],
        detail: { name: [templatesParameter], operation: ['Update'] },
      },
      target: deploy.redeployArn,
      action: 'codebuild:StartBuild',
    });
    new SsmParameter(this, 'templates', {
      name: templatesParameter,
      description:
        'Fingerprints of what the pipelines run; ' +
        'Terraform writes it, and a change starts a redeploy',
      type: 'String',
      value: JSON.stringify(fingerprints(delivered)),
      // A redeploy needs the new state of all these.
      dependsOn: resourcesBelow(start, deploy, archive, ...delivered),
    });
  }
}

function fingerprints(delivered: readonly DeliveredPipeline[]) {
  return Object.fromEntries(
    delivered.map(({ pipeline: { props, task } }) => [props.name, task.fingerprint]),
  );
}
