/** What a terminal obeys instead of showing it: control characters, and those that turn the direction of a line. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}]/gu;

/** Text of others as a terminal may be given it: a control character is shown as `\u{1b}`. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
