import { CONTROLS, escaped } from './printable';

/** Text of others as one word of a shell's command line, to be copied from a terminal. */
export function shellWord(text: string): string {
  if (text.search(CONTROLS) < 0) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${text.replace(/[\\']/g, '\\$&').replace(CONTROLS, escaped)}'`;
}
