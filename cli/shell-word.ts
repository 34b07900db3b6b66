/** What a terminal obeys instead of showing it, or what turns the direction of a line. */
const UNSHOWN = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Text of others as one word of a shell's command line, to be copied from a terminal. */
export function shellWord(text: string): string {
  if (text.search(UNSHOWN) < 0) return `'${text.replaceAll("'", "'\\''")}'`;
  const quoted = text.replace(/[\\']/g, '\\$&');
  return `$'${quoted.replace(UNSHOWN, (one) => `\\u${one.codePointAt(0)?.toString(16).padStart(4, '0')}`)}'`;
}
