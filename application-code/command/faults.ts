/** Codes of the faults of a program, each with what a user can do. */
export const FAULTS = {
  JobRejected:
    'The program said, by exit code 65, that this object can never be done; its own last line ' +
    'tells why. Correct the object, or leave it out.',
  TryAgain:
    'The program asked to be tried again, by exit code 75, until no attempt was left. Remove the ' +
    'cause in its last line, then redrive the letter.',
  JobFailed:
    'The program failed each time. Its last lines are in the message, and all of them in the log ' +
    'under its job id: correct the program or its image, or raise what it is limited by.',
  OutputMissing:
    'The program ended well without one of the outputs that the workload declares: have it write ' +
    'them all, or end with another exit code.',
  OutputNotAllowed:
    'What the program wrote into its output folder cannot be taken: the message names it.',
} as const;

type Codes = { readonly [code in keyof typeof FAULTS]: true };

declare module '../worker/src/faults' {
  interface WorkloadFaultCodes extends Codes {}
}
