import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const FOLDER = join(__dirname, '..', '..', '.github', 'workflows');

/** A workflow as GitHub reads it, at the size that is looked at here. */
export interface Workflow {
  readonly permissions?: unknown;
  readonly concurrency?: { readonly group: string; readonly 'cancel-in-progress': unknown };
  readonly jobs: Readonly<Record<string, Job>>;
}

export interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string;
  readonly if?: string;
  readonly environment?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Names and texts of the workflows of this repository. */
export const WORKFLOWS: readonly (readonly [name: string, text: string])[] = readdirSync(
  FOLDER,
).map((name) => [name, readFileSync(join(FOLDER, name), 'utf8')]);

/** One of the repository's workflows, such as `deploy.yml`. */
export function workflow(name: string): Workflow {
  return parse(readFileSync(join(FOLDER, name), 'utf8')) as Workflow;
}
