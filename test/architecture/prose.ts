import jsTokens from 'js-tokens';
import { IDIOMS, type Idiom } from './words';

const MAX_COLUMNS = 100;

/** What people read in code: comments, and texts in quotes. */
const PROSE = new Set([
  'SingleLineComment',
  'MultiLineComment',
  'StringLiteral',
  'NoSubstitutionTemplate',
  'TemplateHead',
  'TemplateMiddle',
  'TemplateTail',
]);

/** A space, or the end of a line with what begins the next line of a comment or a text. */
const GAP = '(?=\\W)[ \\t\'"`+*/#>]*\\n?[ \\t\'"`+*/#>]*';
const SEARCHED = IDIOMS.map(({ words, plain }) => ({
  words: new RegExp(`\\b(?:${words.source.replaceAll(' ', GAP)})\\b`, 'gi'),
  plain,
}));

/** Faults of one file, each with its line and what to write instead. */
export function proseFaults(file: string, source: string): string[] {
  return [...idioms(file, source), ...longLines(file, source)];
}

function idioms(file: string, source: string): string[] {
  const prose = /\.[cm]?[jt]s$/.test(file) ? proseOf(source) : source;
  return SEARCHED.flatMap(({ words, plain }: Idiom) =>
    [...prose.matchAll(words)].map(({ 0: found, index }) => {
      const line = prose.slice(0, index).split('\n').length;
      return `${file}:${line} says "${found.replace(/\W+/g, ' ')}"; plainly: ${plain}`;
    }),
  );
}

/** The source with blanks for what is code, so that every text stays on its line. */
function proseOf(source: string): string {
  return [...jsTokens(source)]
    .map(({ type, value }) => (PROSE.has(type) ? value : value.replace(/[^\n]/g, ' ')))
    .join('');
}

/** What cannot break: an address, the commit of a pinned action, and the name of a module. */
const UNBREAKABLE = /https?:\/\/\S+|\S+@(sha256:)?[0-9a-f]{40,64}|(?<= from )'[^']+'/g;

/** A row of a table cannot break either. */
function longLines(file: string, source: string): string[] {
  return source.split('\n').flatMap((line, at) => {
    const columns = [...line.replace(UNBREAKABLE, '')].length;
    return columns <= MAX_COLUMNS || (file.endsWith('.md') && line.startsWith('|'))
      ? []
      : [`${file}:${at + 1} has ${[...line].length} columns; at most ${MAX_COLUMNS}`];
  });
}
