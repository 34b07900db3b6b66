import { type FamilyDouble, familyDouble } from '../deployer/family-double';
import type { Outcome } from '../pipeline/delivery';
import type { BlueprintInput } from '../stacks/config/blueprint-config';
import { resolveBlueprint } from '../stacks/config/load-config';
import { createProgram } from './program';
import type { Session } from './session';

export const NOW = Date.UTC(2026, 0, 10, 12);
export const TASK_DEFINITION = '/spillway/dev/photos/task-definition';
export const OUTCOME = '/spillway/dev/photos/delivery/outcome';

const ONE: BlueprintInput = { environments: { dev: { region: 'eu-central-1' } } };

export interface Surroundings {
  readonly blueprint?: BlueprintInput;
  readonly account?: FamilyDouble;
  /** What somebody at the terminal answers; absent: nobody is there. */
  readonly answer?: boolean;
}

/** One pipeline with revisions 1, 2, 4 and 5, of which `promoted` is promoted. */
export function accountDouble(promoted = 'spillway-dev-photos-worker:5', outcome?: Outcome): FamilyDouble {
  return familyDouble({
    family: 'spillway-dev-photos-worker',
    repository: 'spillway-dev-worker',
    numbers: [1, 2, 4, 5],
    parameters: { [TASK_DEFINITION]: promoted, [OUTCOME]: outcome ? JSON.stringify(outcome) : 'none' },
  });
}

/** Runs a command line on doubles. @returns what was printed and asked, and in which regions it looked. */
export async function runCommand(line: string, { blueprint = ONE, account, answer }: Surroundings = {}) {
  const printed: string[] = [];
  const asked: string[] = [];
  const regions: string[] = [];
  const session: Session = {
    print: (text) => printed.push(text),
    paint: (_style, text) => text,
    ...(answer !== undefined && {
      ask: async (question: string) => {
        asked.push(question);
        return answer;
      },
    }),
    now: () => NOW,
    environments: () => resolveBlueprint(blueprint),
    connect: (region) => {
      regions.push(region);
      return account ?? accountDouble();
    },
  };
  const output = { out: (text: string) => printed.push(text), err: (text: string) => printed.push(text) };
  const words = line.split(' ').filter((word) => word !== '');
  await createProgram(session, output).parseAsync(words, { from: 'user' });
  return { text: printed.join('\n'), asked, regions };
}
