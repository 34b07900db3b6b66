/** Words that a reader has to learn here first, and what says the same plainly. */
export interface Idiom {
  readonly words: RegExp;
  readonly plain: string;
}

/**
 * Idioms of comments, texts and documents. A space also stands for the end of a line. An idiom is
 * listed if almost every use of its words is one.
 */
export const IDIOMS: readonly Idiom[] = [
  { words: /(some|no)body/, plain: 'another worker, someone, no one' },
  { words: /gives(?! (up|way)\b)/, plain: 'returns, makes, says' },
  { words: /giv(e|es|en|ing) back/, plain: 'return, release' },
  { words: /any more/, plain: 'no longer, another' },
  { words: /no more(?=[.,;:]| (for|after|until)\b)/, plain: 'no longer, nothing else' },
  { words: /so (many|long)/, plain: 'the number, until, a while' },
  { words: /go(es|ing)? on|went on/, plain: 'continues' },
  { words: /(tells?|told|telling) of/, plain: 'reports, mentions; is notified of' },
  { words: /be it/, plain: 'even, either' },
  { words: /mend(s|ed|ing)?/, plain: 'fix' },
  { words: /for want of/, plain: 'for lack of, without' },
  { words: /call(s|ed|ing)? (it |them )?off/, plain: 'cancels' },
  { words: /of late/, plain: 'recently' },
  { words: /for ever/, plain: 'forever, without end' },
  { words: /for good/, plain: 'permanently' },
  { words: /one['’]s own/, plain: 'its own, your own' },
  { words: /(him|her)self/, plain: 'itself, themselves' },
  { words: /whose \w+ing/, plain: 'a sentence of its own' },
  {
    words: /(?<!\bso )that one(?=[.,;:]| (is|was|has|does|settles|ends|stays|changes)\b)/,
    plain: 'its noun',
  },
  { words: /(is|are|was|were) none(?! of)/, plain: 'does not exist, has no …' },
  { words: /whoever/, plain: 'anyone who, the caller' },
  { words: /anew/, plain: 'again' },
  { words: /but for/, plain: 'except' },
  { words: /pass(es|ed|ing)? over/, plain: 'skip' },
  { words: /(never )?minds?/, plain: 'ignore, care' },
];

/**
 * Folders and files that are not plain yet. What is not listed is plain and ends its lines at 100
 * columns, and what has become so must leave the list. Take a folder out, and
 * `npx jest test/architecture/prose --selectProjects architecture` lists what is left to do in it.
 */
export const NOT_YET: readonly string[] = [];
