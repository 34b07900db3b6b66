import { PermanentFault } from '../worker/src/faults';
import type { Canary, OutputReader, Sample } from '../worker/src/workload/canary';
import { type ExpectedRendition, expectedRenditions } from './expectation/expected';
import { faultOf } from './expectation/judge';
import { ownFault } from './expectation/own-fault';
import { makeSamples } from './expectation/samples';
import { DEFAULT_RECIPE, parseRecipe } from './recipe';

/** Four pictures, and what this workload's own renderer makes of them: see ADR 027. */
export const canary: Canary = {
  async prepare(environment) {
    const recipe = environment.RECIPE ? parseRecipe(environment.RECIPE) : DEFAULT_RECIPE;
    const limits = {
      maxSourceBytes: Number(environment.MAX_SOURCE_BYTES || Number.POSITIVE_INFINITY),
      maxSourcePixels: Number(environment.MAX_SOURCE_PIXELS || Number.POSITIVE_INFINITY),
    };
    const samples: Sample[] = [];
    const expected: ExpectedRendition[] = [];
    const refusals: string[] = [];
    for (const sample of await allSamples()) {
      const renditions = await expectedRenditions(sample, recipe, limits);
      if (renditions instanceof PermanentFault) {
        refusals.push(`${sample.path}: ${renditions.message}`);
        continue;
      }
      const fault = await ownFault(sample, recipe, limits);
      if (fault) throw brokenRenderer(fault);
      samples.push(sample);
      expected.push(...renditions);
    }
    if (samples.length === 0) throw noSample(refusals);
    return { samples, judge: (read) => judge(expected, read) };
  },
};

let made: ReturnType<typeof makeSamples> | undefined;

/** The same for every pipeline. */
function allSamples(): ReturnType<typeof makeSamples> {
  made ??= makeSamples();
  return made;
}

async function judge(expected: readonly ExpectedRendition[], read: OutputReader) {
  const faults: string[] = [];
  for (const rendition of expected) {
    const fault = await faultOf(rendition, await read(rendition.path));
    if (fault) faults.push(fault);
  }
  return faults;
}

function noSample(refusals: readonly string[]): Error {
  return new Error(
    `The pipeline's settings leave no sample for a canary: ${refusals.join('; ')}. ` +
      'Raise the limits, or bound the renditions.',
  );
}

function brokenRenderer(fault: string): Error {
  return new Error(
    `The canary cannot tell what is right, since the renderer of the last deploy of the stacks ` +
      `is itself wrong by sharp alone: ${fault}. Correct it, and deploy the stacks again.`,
  );
}
