import { join } from 'node:path';
import { PermanentFault, TransientFault } from '../../worker/src/faults';
import type { Output } from '../../worker/src/workload/workload';
import { contentTypeOf } from '../content-type';
import { fileOf, type OutputPattern, planName } from '../output-pattern';

/** What the files of a job are called by. */
export interface JobNames {
  /** Base name of the source's key. */
  readonly base: string;
  /** Name of the file that the program reads. */
  readonly inputName: string;
  /** Of both. */
  readonly suffix: string;
}

/** All files, by their paths below the output folder. */
export function everyOutput(files: readonly string[], folder: string): readonly Output[] {
  return files.map((file) => outputAt(folder, { name: file, file, typedBy: file }));
}

export interface DeclaredOutputs {
  readonly outputs: readonly Output[];
  /** Files that no output declares. */
  readonly others: readonly string[];
}

/**
 * The file of each pattern. It may be called by the source's base name, or by the name of the
 * input, as most programs do that make a name of another: `input.wav` becomes `input.txt`.
 * @throws TransientFault `OutputMissing`, since a script may overlook that a step has failed.
 */
export function declaredOutputs(
  patterns: readonly OutputPattern[],
  files: readonly string[],
  { folder, ...names }: JobNames & { readonly folder: string },
): DeclaredOutputs {
  const found = patterns.map((pattern) => ({ pattern, ...fileFor(pattern, files, names) }));
  const missing = found.filter(({ file }) => file === undefined);
  if (missing.length > 0) throw missingFault(missing, files);
  const taken = new Set(found.map(({ file }) => file));
  return {
    outputs: found.map(({ pattern, file = '' }) =>
      outputAt(folder, {
        name: planName(pattern),
        file,
        typedBy: fileOf(pattern, names.base, names.suffix),
      }),
    ),
    others: files.filter((file) => !taken.has(file)),
  };
}

function fileFor(pattern: OutputPattern, files: readonly string[], names: JobNames) {
  const { base, inputName, suffix } = names;
  const wanted = [...new Set([base, inputName].map((name) => fileOf(pattern, name, suffix)))];
  const [file, second] = wanted.filter((name) => files.includes(name));
  if (second !== undefined)
    throw new PermanentFault(
      'OutputNotAllowed',
      `Both output/${file} and output/${second} can be the output ${pattern.text}; write one.`,
    );
  return { file, wanted };
}

function missingFault(
  missing: readonly { readonly wanted: readonly string[] }[],
  files: readonly string[],
): TransientFault {
  const wanted = missing.map(({ wanted }) => wanted.map((name) => `output/${name}`).join(' or '));
  const there = files.slice(0, 5).map((file) => `output/${file}`);
  return new TransientFault(
    'OutputMissing',
    `The program ended well without ${wanted.join(', ')}; it wrote ` +
      `${there.length > 0 ? there.join(', ') : 'nothing'}${files.length > 5 ? ', …' : ''}.`,
  );
}

function outputAt(
  folder: string,
  { name, file, typedBy }: { readonly name: string; readonly file: string; typedBy: string },
): Output {
  return { name, body: { file: join(folder, file) }, contentType: contentTypeOf(typedBy) };
}
