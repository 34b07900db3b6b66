/**
 * For cdktf, which takes a trace for each construct and each token. Jest maps every one to its
 * sources, which takes as long as all else of a synth; no unit test reads them. Those of a real
 * synth are tested by `stacks/synth.test.ts`.
 */
export function captureStackTrace(): readonly string[] {
  return [];
}
