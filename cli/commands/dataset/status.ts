import type { Command } from 'commander';
import { datasetStatus } from '../../../dataset/status';
import {
  type DatasetOptions,
  datasetCommand,
  openDatasetTarget,
  withDataset,
} from '../../dataset/dataset-target';
import { statusPage } from '../../dataset/status-page';
import type { Session } from '../../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway dataset status -e dev
  npx spillway dataset status -e dev --json | jq '.waiting[].samples'

Lists the destination below \`parts/\` and \`shards/\`, and reads the first line of each part
that waits.
Needs ssm:GetParameter, ecs:DescribeTaskDefinition, and s3:ListBucket and s3:GetObject on the
destination.`;

/** `spillway dataset status` */
export function statusCommand(session: Session): Command {
  return datasetCommand('status', {
    summary: 'the last generation, and the parts that wait',
    description: 'How the dataset stands: what it has, what waits for the next finish, what runs.',
  })
    .addHelpText('after', EXAMPLES)
    .action(async (options: DatasetOptions) => {
      const dataset = await openDatasetTarget(session, options);
      const status = await withDataset(
        dataset,
        () => undefined,
        ({ store }) => datasetStatus(store, dataset.place),
      );
      const { environment, pipeline } = dataset.target.chosen;
      session.print(
        options.json
          ? JSON.stringify({ environment, pipeline, ...status }, undefined, 2)
          : statusPage(dataset.target.chosen, status, session),
      );
    });
}
