import type { Command } from 'commander';
import { NO_IMAGE_YET, TASK_DEFINITION_PARAMETER } from '../../contract/parameters';
import {
  activeRevisions,
  promotedRevisions,
  revisionName,
} from '../../deployer/revisions/revisions';
import type { Account } from '../ports/account';
import { type Revisions, revisionsPage } from '../revisions/revisions-page';
import { isDelivered, type TargetPipeline } from '../target/choose-pipeline';
import { lastOutcome } from '../target/outcome';
import { openTarget, type TargetOptions, targetCommand } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import type { Session } from '../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway revisions -e dev
  npx spillway revisions --environment prod --pipeline photos
  npx spillway revisions -e prod --json | jq -r '.revisions[] | select(.promoted) | .imageDigest'

A rollback goes only to one that was promoted before.
Needs ssm:GetParameter, ssm:GetParameterHistory, ecs:ListTaskDefinitions and
ecs:DescribeTaskDefinition.`;

/** `spillway revisions` */
export function revisionsCommand(session: Session): Command {
  return targetCommand('revisions', {
    summary: 'the revisions that can run, the promoted one, and how the last delivery went',
    description:
      "The active revisions of a pipeline's task definition, newest first: which one is " +
      'promoted, which were before, its image and where it came from; below them how the last ' +
      'delivery went.',
  })
    .addHelpText('after', EXAMPLES)
    .action(async (options: TargetOptions) => {
      const { chosen, account } = await openTarget(session, options);
      const found = await withDeployed(chosen, () => readRevisions(account, chosen));
      session.print(
        options.json ? JSON.stringify(asJson(found), undefined, 2) : revisionsPage(found, session),
      );
    });
}

async function readRevisions(account: Account, chosen: TargetPipeline): Promise<Revisions> {
  const { value } = await account.parameters.read(
    `${chosen.parameterPath}${TASK_DEFINITION_PARAMETER}`,
  );
  const outcome = isDelivered(chosen)
    ? await lastOutcome(account.parameters, chosen.deliveryPath)
    : undefined;
  return {
    chosen,
    active: await activeRevisions(account.taskDefinitions, chosen.taskFamily),
    everPromoted: await promotedRevisions(account.parameters, chosen.parameterPath),
    ...(value !== NO_IMAGE_YET && { promoted: revisionName(value) }),
    ...(outcome && { outcome }),
  };
}

function asJson({ chosen, active, everPromoted, promoted, outcome }: Revisions) {
  const { environment, pipeline, region, taskFamily } = chosen;
  return {
    environment,
    pipeline,
    region,
    taskFamily,
    promoted: promoted ?? null,
    revisions: active.map((revision) => ({
      revision: revision.number,
      name: revision.name,
      arn: revision.arn,
      promoted: revision.name === promoted,
      promotedBefore: revision.name !== promoted && everPromoted.has(revision.name),
      image: revision.image,
      imageDigest: revision.imageDigest ?? null,
      commit: revision.commit ?? null,
      template: revision.template ?? null,
      registeredAt:
        revision.registeredAt === undefined ? null : new Date(revision.registeredAt).toISOString(),
    })),
    outcome: outcome ?? null,
  };
}
