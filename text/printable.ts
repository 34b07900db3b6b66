/** Control characters, and characters that reverse the direction of text. */
export const CONTROLS = /[\p{Cc}\p{Bidi_Control}]/gu;

/** A control character as an escape of JavaScript and bash, such as `\u001b`. */
export function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text of others that is safe for a terminal: control characters become visible. */
export function printable(text: string): string {
  return text.replace(CONTROLS, escaped);
}
