import path from 'node:path';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for an element or a quoted attribute. Marks that turn the direction of writing around become visible. */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) =>
      character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/**
 * A link from the page to a file on disk, relative, so that the folder can be moved as a whole. Every part is
 * percent-encoded: `#`, `?`, `%` and spaces are legal in file names and mean something else in URLs.
 */
export function fileLink(fromFolder: string, file: string): string {
  const relative = path.relative(fromFolder, file);
  const link = relative.split(path.sep).map(encodePart).join('/');
  return link.startsWith('../') ? link : `./${link}`;
}

const encodePart = (part: string) => (part === '..' ? part : encodeURIComponent(part));
