import { CONTROLS, escaped } from './printable';

/** Text of others as one word of a shell command that a user can copy. */
export function shellWord(text: string): string {
  if (text.search(CONTROLS) < 0) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${text.replace(/[\\']/g, '\\$&').replace(CONTROLS, escaped)}'`;
}
