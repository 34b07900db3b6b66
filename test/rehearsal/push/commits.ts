import type { Change } from './repository';

const MAIN = 'application-code/worker/src/main.ts';
const STEPS = 'application-code/worker/src/image/steps.ts';

/** JPEG renditions of another default quality, 1 to 100. */
export function anotherQuality(quality: number): Change {
  return {
    file: STEPS,
    from: '{ ...encodingOptions(',
    to: `{ ...(format === 'jpeg' && { quality: ${quality} }), ...encodingOptions(`,
  };
}

const WORK = 'async function work(): Promise<void> {';

/** The self-test does not come this far. */
export const THROWS_AT_START: Change = {
  file: MAIN,
  from: WORK,
  to: `${WORK}\n  throw new Error('a table that nobody has made');`,
};

export const NEVER_EXITS: Change = {
  file: MAIN,
  from: WORK,
  to: `${WORK}\n  await new Promise(() => setInterval(() => undefined, 1000));`,
};

/** Where the worker turns a source into pixels; recipes of the self-test ask for no size. */
export const WRITES_WRONG_SIZES: Change = {
  file: STEPS,
  from: 'const given = { width, height, fit,',
  to: 'const given = { width: width && Math.ceil(width / 2), height, fit,',
};

/** Breaks what the self-test looks at. */
export const FORGETS_ORIENTATION: Change = {
  file: STEPS,
  from: 'image.autoOrient()',
  to: 'image.clone()',
};

/** Pictures of the self-test are smaller. */
export const TAKES_NO_SIZE: Change = {
  file: 'application-code/worker/src/image/plan.ts',
  from: 'const { maxSide } = FORMAT_FACTS[format];',
  to: 'const maxSide = 200;',
};
