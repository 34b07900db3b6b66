import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { answerOf } from '../../simulator/answer';
import { simulate } from '../../simulator/simulate';
import { resolveBlueprint } from '../../stacks/config/load-config';
import type { ChartedRun } from './charts';
import { scenariosOf } from './scenarios';

const POLICIES = ['jobs-per-task', 'steps', 'drain-within'] as const;
/** `maxTasks` decides nothing here. */
const ROOM = { maxTasks: '200' } as const;

/** Questions that `docs/scaling.md` answers, each in a table; those of policies have a picture. */
export const QUESTIONS = {
  trickle: { objects: 240, arrive: '2/min', set: ROOM, compare: POLICIES },
  flood: { objects: 50_000, arrive: 'burst', set: ROOM, compare: POLICIES },
  day: {
    objects: 200_000,
    arrive: 'diurnal',
    set: ROOM,
    assumed: { jobSeconds: 60 },
    compare: POLICIES,
  },
  minute: {
    objects: 10_000,
    arrive: 'burst',
    set: ROOM,
    compare: ['jobsPerTask=50', 'jobsPerTask=100', 'jobsPerTask=500', 'jobsPerTask=2500'],
  },
  spot: {
    objects: 50_000,
    arrive: 'burst',
    set: { maxTasks: '20' },
    compare: ['spotWeight=0', 'configured', 'onDemandBase=0+onDemandWeight=0'],
  },
} as const;

export type QuestionName = keyof typeof QUESTIONS;

/** Questions with a picture. */
export const PICTURES = ['trickle', 'flood', 'day'] as const satisfies readonly QuestionName[];

export async function answersTo(name: QuestionName): Promise<readonly ChartedRun[]> {
  const [environment] = resolveBlueprint({ environments: { dev: {} } });
  if (!environment) throw new Error('the configuration has no environment');
  const question = { environment, pipeline: 'photos', seed: 1, assumed: {}, ...QUESTIONS[name] };
  const { scenarios } = scenariosOf(question);
  const runs: ChartedRun[] = [];
  for (const scenario of scenarios) {
    const outcome = await simulate(scenario);
    runs.push({ outcome, answer: answerOf(outcome) });
  }
  return runs;
}

export function pictureFile(name: (typeof PICTURES)[number]): string {
  return path.join(__dirname, `../../docs/images/scaling-${name}.svg`);
}

/** Rows of a table of the page. */
export function tableOf(runs: readonly ChartedRun[]): string {
  return runs.map(({ outcome, answer }) => `| \`${outcome.name}\` | ${answer} |`).join('\n');
}

/** Writes the pictures, and prints the rows for the page. */
async function main(): Promise<void> {
  const { simulationPicture } = await import('./picture');
  for (const name of Object.keys(QUESTIONS) as QuestionName[]) {
    const runs = await answersTo(name);
    console.log(`${name}\n${tableOf(runs)}`);
    for (const picture of PICTURES.filter((one) => one === name))
      writeFileSync(pictureFile(picture), simulationPicture(runs));
  }
}

if (require.main === module) void main();
