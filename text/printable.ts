/** Control characters, and characters that reverse the direction of text. */
export const CONTROLS = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Its first bytes in UTF-8, cut between two characters. */
export function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  let end = maxBytes;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString('utf8', 0, end);
}

/** A control character as an escape of JavaScript and bash, such as `\u001b`. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text of others that is safe for a terminal: control characters become visible. */
export function printable(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** Text of others as one word of a shell command that a user can copy. */
export function shellWord(text: string): string {
  if (text.search(CONTROLS) < 0) return `'${text.replaceAll("'", "'\\''")}'`;
  return `$'${text.replace(/[\\']/g, '\\$&').replace(CONTROLS, escaped)}'`;
}
