import type { Command } from 'commander';
import { FOLDER_ARGUMENT } from '../../dataset/dataset-folder';
import {
  type DatasetOptions,
  datasetCommand,
  openDatasetTarget,
} from '../../dataset/dataset-target';
import { runDataset, verifyFolder } from '../../dataset/run-dataset';
import type { Session } from '../../terminal/session';

const EXAMPLES = `
Examples:
  npx spillway dataset verify -e dev
  npx spillway dataset verify -e dev --json | jq '.problems[]'

Reads every byte: the SHA-256 of each shard and each index, every file of each tar against the
index, the counts of splits and classes, and that each key is there once. Ends with 1 if something
is wrong. Runs as a task on the cluster; with --local on this machine, which then reads the whole
dataset over the network.
With a FOLDER, such as \`npx spillway dataset verify ./dataset\`, nothing of AWS is asked.
Needs ssm:GetParameter, ecs:DescribeTaskDefinition, lambda:GetFunctionConfiguration, ecs:RunTask,
ecs:DescribeTasks, iam:PassRole and logs:GetLogEvents; with --local s3:GetObject on the
destination.`;

/** `spillway dataset verify` */
export function verifyCommand(session: Session): Command {
  return datasetCommand('verify', {
    summary: 'reads every byte of the dataset',
    description: 'Checks the checksums, tars, counts, keys and the index of the dataset.',
  })
    .argument(...FOLDER_ARGUMENT)
    .addHelpText('after', EXAMPLES)
    .action(async (folder: string | undefined, options: DatasetOptions) => {
      if (folder !== undefined) return verifyFolder(session, folder, options);
      const dataset = await openDatasetTarget(session, options);
      await runDataset(session, dataset, { request: { action: 'verify' }, options });
    });
}
