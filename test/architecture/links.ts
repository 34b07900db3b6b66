import { posix } from 'node:path';

/** What a document may refer to. */
export interface Repository {
  /** Text of every Markdown file, by its path from the root. */
  readonly documents: ReadonlyMap<string, string>;
  /** Files and folders, by their paths from the root, folders without a slash at the end. */
  readonly paths: ReadonlySet<string>;
  /** Scripts of package.json. */
  readonly scripts: ReadonlySet<string>;
}

/** References of one document that lead nowhere. */
export function deadReferences(file: string, repository: Repository): string[] {
  const text = repository.documents.get(file) ?? '';
  const prose = text.replace(/^ *```.*?^ *```/gms, '');
  const all = (pattern: RegExp, from = text) =>
    [...from.matchAll(pattern)].map(([, one = '']) => one);
  const dead = [
    ...all(/\]\(([^)\s]+)\)/g, prose).filter((link) => isDeadLink(file, link, repository)),
    ...all(/`([^`\s]+)`/g, prose).filter((path) => isDeadPath(path, repository)),
    ...all(/npm run ([\w:]+)/g).filter((script) => !repository.scripts.has(script)),
  ];
  return dead.map((reference) => `${file} refers to ${reference}`);
}

function isDeadLink(file: string, link: string, { documents, paths }: Repository): boolean {
  if (/^(https?|mailto):/.test(link)) return false;
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : posix.join(posix.dirname(file), path).replace(/\/$/, '');
  if (!paths.has(target)) return true;
  return anchor !== undefined && !anchorsOf(documents.get(target) ?? '').includes(anchor);
}

/** A path from the root: it begins with a folder of the root, and is no pattern. */
function isDeadPath(path: string, { paths }: Repository): boolean {
  const [first = '', ...rest] = path.split('/');
  const isPath = rest.length > 0 && paths.has(first) && /^[\w./-]+$/.test(path);
  return isPath && !paths.has(path.replace(/\/$/, ''));
}

/** Anchors as GitHub makes them of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
