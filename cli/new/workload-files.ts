import { DEFAULTS } from '../../application-code/command/definition';
import { smallestTask } from '../../stacks/config/pipeline-settings';
import { DEFAULT_PIPELINE } from '../../stacks/config/schema';

/** What a new workload is made of. */
export interface NewWorkload {
  /** Name of its folder below `application-code/`. */
  readonly name: string;
  /** The program and its arguments; a word that begins with `./` is a file of the folder. */
  readonly argv: readonly string[];
  /** Names of the outputs, or `any`. */
  readonly outputs: readonly string[] | 'any';
  /** The only ending of its keys; absent: every key is a job. */
  readonly suffix?: string;
  readonly jobCpus?: number;
  readonly jobMemoryMiB?: number;
}

/**
 * Files that every workload has, by their paths below its folder.
 * @param dockerTemplate the Dockerfile of the factory.
 */
export function workloadFiles(
  workload: NewWorkload,
  dockerTemplate: string,
): ReadonlyMap<string, string> {
  return new Map([
    ['recipe.ts', recipeFile(workload)],
    ['workload.ts', WORKLOAD],
    ['canary.ts', canaryFile(workload)],
    ['Dockerfile', dockerfile(workload, dockerTemplate)],
    ['README.md', readme(workload)],
  ]);
}

const COLUMNS = 100;

/** As the formatter writes it: in the quotes of which the text has fewer. */
function quoted(text: string): string {
  const count = (mark: string) => text.split(mark).length;
  const mark = count("'") > count('"') ? '"' : "'";
  return `${mark}${text.replace(/\\/g, '\\\\').replaceAll(mark, `\\${mark}`)}${mark}`;
}

/** A field of the recipe; a list that is too long has a line for each text. */
function listed(name: string, texts: readonly string[]): string {
  const line = `${name}: [${texts.map(quoted).join(', ')}],`;
  if (line.length + 2 <= COLUMNS) return line;
  return `${name}: [\n${texts.map((text) => `    ${quoted(text)},\n`).join('')}  ],`;
}
const isIdentifier = (name: string) => /^[a-z0-9]+$/i.test(name) && !/^\d/.test(name);

function recipeFile({ name, argv, outputs, suffix, jobCpus, jobMemoryMiB }: NewWorkload): string {
  const fields = [
    listed('argv', argv),
    outputs === 'any' ? `outputs: ${quoted('any')},` : listed('outputs', outputs),
    ...(suffix === undefined ? [] : [listed('suffixes', [suffix])]),
    ...(jobCpus === undefined ? [] : [`jobCpus: ${jobCpus},`]),
    ...(jobMemoryMiB === undefined ? [] : [`jobMemoryMiB: ${jobMemoryMiB},`]),
  ];
  return `import { type COMMAND_SETTINGS, commandRecipe } from '../command/command-recipe';
import type { JsonObject } from '../command/definition';

/** The program of a job, and what it takes and makes: docs/your-own-job.md has every field. */
export const recipe = commandRecipe({
${fields.map((field) => `  ${field}\n`).join('')}});

declare module '../worker/src/workload/recipe' {
  interface Workloads {
    readonly ${isIdentifier(name) ? name : quoted(name)}: {
      readonly recipe: JsonObject;
      readonly settings: typeof COMMAND_SETTINGS;
    };
  }
}
`;
}

const WORKLOAD = `import { commandWorkload } from '../command/command-workload';
import { recipe } from './recipe';

export const workload = commandWorkload(recipe);
`;

const canaryFile = ({
  name,
}: NewWorkload) => `import { commandCanary } from '../command/command-canary';
import { recipe } from './recipe';

/** Tries a new build with the files in samples/. */
export const canary = commandCanary(recipe, ${quoted(name)});
`;

/** Where the template's images take what a program needs. */
const PACKAGES = /^# What the program needs.*?(?=^COPY --from=engine)/ms;

/** The Dockerfile of the factory, for this workload. */
function dockerfile({ name, argv }: NewWorkload, template: string): string {
  const packages = packagesOf(argv);
  const install =
    packages === ''
      ? ''
      : `# What the program needs, by the names of Debian's packages, which may be others than here:
# https://packages.debian.org/index#search_contents
RUN apt-get update && apt-get install --yes --no-install-recommends ${packages} \\
  && rm --recursive /var/lib/apt/lists/*
`;
  return template
    .replace(/ Copy it.*?\. (?=The context)/s, '\n# ')
    .replace('ARG WORKLOAD=command', `ARG WORKLOAD=${name}`)
    .replaceAll('NAME', name)
    .replace(PACKAGES, (example) => install || example);
}

/** Debian often calls a package as its program. */
function packagesOf([program = '']: readonly string[]): string {
  if (program.endsWith('.py')) return 'python3';
  return program.includes('/') ? '' : program;
}

function readme(workload: NewWorkload): string {
  const { name, argv, outputs } = workload;
  const made =
    outputs === 'any'
      ? ['Whatever it leaves there is an output, and a manifest lists them.']
      : [
          'These must be there when it ends; `{name}` is the file name of the source object,',
          '`{stem}` the part before its suffix:',
          '',
          ...outputs.map((output) => `- \`${output}\``),
        ];
  return `# ${name}

\`${argv.join(' ')}\` runs once for each source object, in a folder of its own. The object is the
file \`$JOB_INPUT\`; the outputs go into the folder \`$JOB_OUTPUT\`.
${made.join('\n')}

Exit code 0: done. 65: never possible, a dead letter with the last line of standard error. 75: try
again later. Anything else is a failure, and is tried again a few times.

Try it here:

\`\`\`sh
npm start -- --workload ${name}
\`\`\`

Deploy it: write this into \`pipelines\` of an environment in \`blueprint.config.ts\`, and push.

\`\`\`ts
${pipelineLines(workload).join('\n')}
\`\`\`

A new image is tried with the files in \`samples/\` before it is used.
[Your own job](../../docs/your-own-job.md) has the whole contract.
`;
}

/** What the configuration says of a pipeline with the workload. */
export function pipelineLines(workload: NewWorkload): readonly string[] {
  const { name, suffix, jobCpus = DEFAULTS.jobCpus, jobMemoryMiB } = workload;
  const memoryMiB = jobMemoryMiB ?? DEFAULTS.jobMemoryMiB;
  const task = smallestTask({ cpus: jobCpus, memoryMiB });
  const { cpuUnits = 0, memoryMiB: taskMiB = 0 } = task ?? {};
  const isLarge = cpuUnits > DEFAULT_PIPELINE.cpuUnits || taskMiB > DEFAULT_PIPELINE.memoryMiB;
  return [
    `${isIdentifier(name) ? name : quoted(name)}: {`,
    `  workload: ${quoted(name)},`,
    `  sourcePrefix: ${quoted(`${name}/`)},`,
    ...(suffix === undefined ? [] : [`  ${listed('suffixes', [suffix])}`]),
    ...(isLarge ? [`  cpuUnits: ${cpuUnits},`, `  memoryMiB: ${taskMiB},`] : []),
    '},',
  ];
}

const shellStarter = (workload: NewWorkload) => `#!/bin/sh
# Runs once for each object, in an empty folder of its own. The object is at "$JOB_INPUT"; what is
# written into "$JOB_OUTPUT" becomes the outputs. $SOURCE_KEY is its key, $RECIPE the recipe (JSON).
set -eu

if ! grep -q "[^[:space:]]" "$JOB_INPUT"; then
  echo "the file holds nothing but spaces" >&2
  exit 65 # Never: a dead letter with the line above. 75 would mean: try again later.
fi

name=\${SOURCE_KEY##*/}
echo "0.5 halfway" > "$JOB_PROGRESS"
${shellWrites(workload).join('\n')}
`;

const pythonStarter = (workload: NewWorkload) => `#!/usr/bin/env python3
"""Runs once for each object, in an empty folder of its own.

The object is at JOB_INPUT; what is written into JOB_OUTPUT becomes the outputs. SOURCE_KEY is its
key, RECIPE the recipe (JSON).
"""
import os
import pathlib
import sys

data = pathlib.Path(os.environ["JOB_INPUT"]).read_bytes()
output = pathlib.Path(os.environ["JOB_OUTPUT"])
if not data.strip():
    # Never: a dead letter with this line. 75 would mean: try again later.
    print("the file holds nothing but spaces", file=sys.stderr)
    sys.exit(65)

name = os.environ["SOURCE_KEY"].rsplit("/", 1)[-1]
pathlib.Path(os.environ["JOB_PROGRESS"]).write_text("0.5 halfway")
${pythonWrites(workload).join('\n')}
`;

/** A program to begin with, by its ending: it shows the contract, and copies its input. */
export const STARTERS: Readonly<Record<string, (workload: NewWorkload) => string>> = {
  '': shellStarter,
  '.sh': shellStarter,
  '.py': pythonStarter,
};

const patternsOf = ({ outputs }: NewWorkload) => (outputs === 'any' ? ['{name}'] : outputs);
const folderOf = (pattern: string) => pattern.slice(0, pattern.lastIndexOf('/') + 1);

/** The lines of a starter that make each output. */
function shellWrites(workload: NewWorkload): readonly string[] {
  const { suffix = '' } = workload;
  return patternsOf(workload).flatMap((pattern) => [
    ...(folderOf(pattern) ? [`mkdir -p "$JOB_OUTPUT/${folderOf(pattern)}"`] : []),
    'cp "$JOB_INPUT" "$JOB_OUTPUT/' +
      `${pattern.replace('{name}', '$$$&').replace('{stem}', `\${name%${suffix}}`)}"`,
  ]);
}

function pythonWrites(workload: NewWorkload): readonly string[] {
  const { suffix = '' } = workload;
  return patternsOf(workload).flatMap((pattern) => [
    ...(folderOf(pattern)
      ? [`(output / "${folderOf(pattern)}").mkdir(parents=True, exist_ok=True)`]
      : []),
    `(output / f"${pattern.replace('{stem}', `{name[:-${suffix.length}]}`)}").write_bytes(data)`,
  ]);
}
