/**
 * Something that is wrong, or would fail: a code that scripts can rely on, a sentence, and what to
 * do.
 */
export interface Finding {
  readonly code: string;
  readonly sentence: string;
  readonly cure: string;
}

export function when(
  holds: boolean,
  code: string,
  sentence: string,
  cure: string,
): readonly Finding[] {
  return holds ? [{ code, sentence, cure }] : [];
}
