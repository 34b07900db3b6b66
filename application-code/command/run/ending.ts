import { type Fault, PermanentFault, TransientFault } from '../../worker/src/faults';
import type { ProgramEnd } from './program';

/**
 * What a program says by its exit code, as sysexits has it:
 * https://man.openbsd.org/sysexits.3
 */
export const PROGRAM_EXITS = {
  /** EX_DATAERR: this object can never be done. */
  rejected: 65,
  /** EX_TEMPFAIL: it can be done later. */
  tryAgain: 75,
} as const;

/** Characters of last lines in a fault, which a dead letter holds with the rest of its message. */
const MOST_CHARACTERS = 800;

/** Why a program has not done its job, or undefined when it ended well. */
export function faultOf(end: ProgramEnd, isKilledForMemory: boolean): Fault | undefined {
  const { exitCode, signal } = end;
  if (exitCode === 0) return undefined;
  if (exitCode === PROGRAM_EXITS.rejected)
    return new PermanentFault(
      'JobRejected',
      lastLine(end) ?? 'The program ended with exit code 65, and wrote nothing that says why.',
    );
  if (exitCode === PROGRAM_EXITS.tryAgain)
    return new TransientFault(
      'TryAgain',
      `The program asked to be tried again${after(lastLine(end))}`,
    );
  const how = signal ? `was killed by ${signal}` : `ended with exit code ${exitCode}`;
  const because = isKilledForMemory
    ? ', and Linux killed a process for memory meanwhile: raise jobMemoryMiB of the workload, ' +
      'and the memory of the task with it'
    : '';
  return new TransientFault('JobFailed', `The program ${how}${because}${after(lastLines(end))}`);
}

/** Standard error says why; some programs write all to standard output. */
function lastLine({ standardError, standardOutput }: ProgramEnd): string | undefined {
  return (standardError.at(-1) ?? standardOutput.at(-1))?.slice(0, MOST_CHARACTERS);
}

function lastLines({ standardError, standardOutput }: ProgramEnd): string | undefined {
  const lines = standardError.length > 0 ? standardError : standardOutput;
  let text: string | undefined;
  for (const line of [...lines].reverse()) {
    const longer: string = text === undefined ? line : `${line}\n${text}`;
    if (longer.length > MOST_CHARACTERS) return text ?? line.slice(0, MOST_CHARACTERS);
    text = longer;
  }
  return text;
}

function after(text: string | undefined): string {
  return text === undefined ? '.' : `: ${text}`;
}
