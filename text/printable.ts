/**
 * What a terminal or a browser obeys instead of showing it: control characters, and those that turn
 * the direction of a line.
 */
export const CONTROLS = /[\p{Cc}\p{Bidi_Control}]/gu;

/** A control character as it is written in JavaScript and bash, such as `\u001b`. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text of others as a terminal may be given it: control characters become visible. */
export function printable(text: string): string {
  return text.replace(CONTROLS, escaped);
}
