import { parse } from 'yaml';
import { z } from 'zod';

/** The phases in the order in which CodeBuild runs them. */
export const PHASES = ['install', 'pre_build', 'build', 'post_build'] as const;
export type PhaseName = (typeof PHASES)[number];

const commands = z.array(z.string().min(1)).default([]);
const phase = z.strictObject({ commands, finally: commands });
const install = phase.extend({
  'runtime-versions': z.strictObject({ nodejs: z.union([z.string(), z.number()]) }).optional(),
});
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/**
 * What is played of https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html. The
 * shell must be named: CodeBuild's own default is `sh`, which differs between its images.
 */
const schema = z.strictObject({
  version: z.literal(0.2),
  env: z.strictObject({
    shell: z.literal('bash'),
    variables: z.record(z.string(), text).default({}),
    'exported-variables': z.array(z.string()).default([]),
  }),
  phases: z.strictObject({
    install: install.optional(),
    pre_build: phase.optional(),
    build: phase.optional(),
    post_build: phase.optional(),
  }),
});

export type Phase = z.infer<typeof phase>;

export interface Buildspec {
  readonly variables: Readonly<Record<string, string>>;
  readonly exportedVariables: readonly string[];
  /** Major version of the Node that is asked for. */
  readonly node?: string;
  readonly phases: Readonly<Partial<Record<PhaseName, Phase>>>;
}

/** @throws Error with one line for each fault, such as a key that CodeBuild would ignore. */
export function parseBuildspec(yaml: string): Buildspec {
  const { success, data, error } = schema.safeParse(parse(yaml));
  if (!success)
    throw new Error(`The buildspec is not one that can be run here:\n${faultsOf(error)}`);
  const node = data.phases.install?.['runtime-versions']?.nodejs;
  return {
    variables: data.env.variables,
    exportedVariables: data.env['exported-variables'],
    ...(node !== undefined && { node: String(node) }),
    phases: data.phases as Buildspec['phases'],
  };
}

function faultsOf(error: z.ZodError): string {
  return error.issues
    .map(({ path, message }) => `${path.join('.') || 'top level'}: ${message}`)
    .join('\n');
}
