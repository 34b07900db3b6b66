import path from 'node:path';
import { CONTROLS, escaped } from '../../text/printable';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Text for an element or a quoted attribute. Marks that turn the direction of writing around become
 * visible.
 */
export function escapeHtml(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
    .replace(CONTROLS, (character) => (character === '\n' ? character : escaped(character)));
}

/**
 * A link from the page to a file on disk, relative, so that the folder can be moved as a whole.
 * Every part is percent-encoded: `#`, `?`, `%` and spaces are legal in file names and mean
 * something else in URLs.
 */
export function fileLink(fromFolder: string, file: string): string {
  const relative = path.relative(fromFolder, file);
  const link = relative.split(path.sep).map(encodePart).join('/');
  return link.startsWith('../') ? link : `./${link}`;
}

const encodePart = (part: string) => (part === '..' ? part : encodeURIComponent(part));
