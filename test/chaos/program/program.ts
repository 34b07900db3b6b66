import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommandRecipe,
  commandRecipe,
} from '../../../application-code/command/command-recipe';
import type { CommandDefinition } from '../../../application-code/command/definition';
import { buildCommand } from '../../emulator/build-workload';
import type { Version } from '../objects';

/** A workload that is a program, beside that of images. */
export interface ChaosProgram {
  readonly recipe: CommandRecipe;
  /** The worker's bundle of it. */
  readonly bundle: string;
  /**
   * Here each run of the program makes a file at its start and one at its end; the bucket of its
   * source begins their names.
   */
  readonly marks: string;
  remove(): Promise<void>;
}

const REASON = 'this is no picture';
const DEFINITION: CommandDefinition = {
  argv: ['./job.sh'],
  outputs: ['one/{name}', 'two/{name}'],
  jobCpus: 0.1,
  jobMemoryMiB: 32,
};

/** Copies a picture twice, and takes a moment, in which its worker can die. */
const script = (marks: string) => `#!/bin/sh
set -e
trap ': > "${marks}/$SOURCE_BUCKET.$$.end"' EXIT
: > "${marks}/$SOURCE_BUCKET.$$.start"
if head -c 11 input* | grep -q 'not a photo'; then echo '${REASON}' >&2; exit 65; fi
sleep 0.3
mkdir output/one output/two
cp input* output/one/
cp input* output/two/
`;
/** Below `output/`, for an input with that extension. */
export const filesOf = (extension: string) =>
  ['one', 'two'].map((folder) => `${folder}/input${extension}`);

export async function openProgram(outputs = DEFINITION.outputs): Promise<ChaosProgram> {
  const definition = { ...DEFINITION, ...(outputs && { outputs }) };
  const marks = await mkdtemp(join(tmpdir(), 'chaos-marks-'));
  const { path: bundle, remove } = await buildCommand(definition, { 'job.sh': script(marks) });
  return {
    recipe: commandRecipe(definition),
    bundle,
    marks,
    remove: async () => {
      await remove();
      await rm(marks, { recursive: true });
    },
  };
}

/** What the program calls no picture. */
export async function rejected(): Promise<Version> {
  const ends = { fault: 'JobRejected', reason: REASON } as const;
  return { body: Buffer.from('not a photo\n'), ends };
}
