/**
 * A sentence about wrong usage, from the message of commander's error: what is wrong, which help
 * to read, and what was probably meant.
 */
export function usageSentence(message: string, helpCommand: string): string {
  const [what = '', suggestion] = message.replace(/^error: /, '').split('\n');
  const meant = suggestion?.replace(/^\(|\)$/g, '');
  const help = `\`${helpCommand}\` shows how it is used.`;
  return `${what.replace(/\.$/, '')}: ${help}${meant ? ` ${meant}` : ''}`;
}
