/** Words that say where the label of a sample comes from; any other text is a pattern. */
export const LABEL_WORDS = ['folder', 'none'] as const;
export type LabelWord = (typeof LABEL_WORDS)[number];

/** Name of the group that is the label, where a pattern has several groups. */
const GROUP = 'label';

/** What is wrong with a pattern of labels, to follow its name; undefined when nothing is. */
export function labelPatternFault(pattern: string): string | undefined {
  const must = `must be a regular expression with one group or a group \`(?<${GROUP}>…)\``;
  const expression = compiled(pattern);
  if (expression instanceof Error)
    return `${must}, but ${JSON.stringify(pattern)} cannot be read: ${expression.message}`;
  const groups = groupsOf(expression);
  if (groups.has(GROUP) || groups.count === 1) return undefined;
  return `${must}, but ${JSON.stringify(pattern)} has ${groups.count || 'no'} groups`;
}

/**
 * The label that a pattern finds in a source's path below the source prefix; undefined when the
 * pattern does not match, or its group matches nothing.
 */
export function labelByPattern(pattern: string, sourcePath: string): string | undefined {
  const match = new RegExp(pattern, 'u').exec(sourcePath);
  const groups = match?.groups ?? {};
  return (GROUP in groups ? groups[GROUP] : match?.[1]) || undefined;
}

/** The folder that holds a source, by its path below the source prefix; none at the top. */
export function labelByFolder(sourcePath: string): string | undefined {
  return sourcePath.split('/').at(-2);
}

/** Whether a rule for labels is a pattern. */
export function isLabelPattern(label: string): boolean {
  return !LABEL_WORDS.some((word) => word === label);
}

/** Paths that an error names. */
const NAMED = 3;

/** Says of a pattern that it matches none of these paths; the sentence has no end. */
export function unmatchedSentence(pattern: string, tried: readonly string[]): string {
  const named = tried.slice(0, NAMED).map((path) => JSON.stringify(path));
  return (
    'destination.label.pattern must find a label in the paths of the files, but ' +
    `${JSON.stringify(pattern)} matches none of ${tried.length}, among them ` +
    `${named.join(', ')}: each would be a dead letter, \`NoLabel\`. Change the pattern, or use ` +
    '`folder` or `none`'
  );
}

function compiled(pattern: string): RegExp | Error {
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    return error as Error;
  }
}

/** With an empty alternative the expression matches anything, and so tells its groups. */
function groupsOf({ source }: RegExp) {
  const match = new RegExp(`${source}|`, 'u').exec('');
  return {
    count: (match?.length ?? 1) - 1,
    has: (name: string) => name in Object(match?.groups),
  };
}
