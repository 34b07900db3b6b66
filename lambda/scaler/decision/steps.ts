import { pluralize } from '../../../text/words';
import type { Step } from './scaling';

export const MOST_STEPS = 20;
/** Far beyond any backlog of which a scaler could make sense. */
export const MOST_JOBS_OF_A_STEP = 1_000_000_000;
export const MOST_TASKS_OF_A_STEP = 5_000;

const STEP = /^(\d{1,10}):(\d{1,4})$/;

/** The steps of a text such as `1:1,500:10`; undefined for another text or a wrong order. */
export function parseSteps(text: string): readonly Step[] | undefined {
  const parts = text.split(',').map((part) => STEP.exec(part.trim()));
  const steps = parts.map((part) => ({ from: Number(part?.[1]), tasks: Number(part?.[2]) }));
  const isWhole = parts.length <= MOST_STEPS && parts.every((part) => part !== null);
  return isWhole && steps.every(isWithinBounds) && stepsFault(steps) === undefined
    ? steps
    : undefined;
}

function isWithinBounds({ from, tasks }: Step): boolean {
  return from <= MOST_JOBS_OF_A_STEP && tasks >= 1 && tasks <= MOST_TASKS_OF_A_STEP;
}

/**
 * What is wrong with the order of steps, to follow their name; undefined when nothing is. Fewer
 * jobs than the first step would wait until SQS drops them.
 */
export function stepsFault(steps: readonly Step[]): string | undefined {
  const [first] = steps;
  if (first && first.from !== 1)
    return (
      'must begin with a step from 1 job, since fewer jobs than the first step would wait until ' +
      `the queue drops them, but the first is from ${first.from}`
    );
  const index = steps.findIndex(({ from, tasks }, at) => {
    const before = steps[at - 1];
    return before && (from <= before.from || tasks <= before.tasks);
  });
  if (index < 0) return undefined;
  const [before, after] = steps.slice(index - 1, index + 1).map(inWords);
  return `must rise in \`from\` and in \`tasks\`, but ${before} is followed by ${after}`;
}

function inWords({ from, tasks }: Step): string {
  return `${pluralize(tasks, 'task')} from ${pluralize(from, 'job')} on`;
}
