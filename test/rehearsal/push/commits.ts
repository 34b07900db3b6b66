import type { Change } from './repository';

const MAIN = 'application-code/worker/src/main.ts';
const STEPS = 'application-code/images/render/steps.ts';

/** JPEG renditions of another default quality, 1 to 100. */
export function anotherQuality(quality: number): Change {
  return {
    file: STEPS,
    from: '{ ...encodingOptions(',
    to: `{ ...(format === 'jpeg' && { quality: ${quality} }), ...encodingOptions(`,
  };
}

const START = 'const tally = new Tally();';

/** The self-test does not come this far. */
const THROWS_AT_START: Change = {
  file: MAIN,
  from: START,
  to: `${START}\n  throw new Error('a table that does not exist');`,
};

const NEVER_EXITS: Change = {
  file: MAIN,
  from: START,
  to: `${START}\n  await new Promise(() => setInterval(() => undefined, 1000));`,
};

/** Where the worker turns a source into pixels; recipes of the self-test ask for no size. */
const WRITES_WRONG_SIZES: Change = {
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
const TAKES_NO_SIZE: Change = {
  file: 'application-code/images/render/plan.ts',
  from: 'const { maxSide } = FORMAT_FACTS[format];',
  to: 'const maxSide = 200;',
};

/** Commits that the canary refuses: each with variables of its deploy, and its reason. */
export const BROKEN = [
  ['one that throws at its start', [THROWS_AT_START], {}, /a table that does not exist/],
  [
    'one that writes wrong sizes',
    [WRITES_WRONG_SIZES],
    {},
    /must be 224 × 168 pixels, but 112 × 84 were found/,
  ],
  [
    'one that can make no picture of 224 pixels',
    [TAKES_NO_SIZE],
    {},
    /became a dead letter \(RenditionImpossible: /,
  ],
  [
    'one that never exits',
    [NEVER_EXITS],
    { CANARY_TIMEOUT_SECONDS: '4' },
    /did not end within 4 seconds/,
  ],
] as const;
