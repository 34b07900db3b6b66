import { closeSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { byteSize } from '../../text/units';
import { type Html, html } from './html';

/** A file on disk, as the page shows it. */
export interface ShownFile {
  /** What stands below it. */
  readonly label: string;
  /** What it is, for those who do not see it. */
  readonly alt: string;
  readonly path: string;
  readonly bytes: number;
}

/** Files that every current browser shows or plays, by their names' endings. */
const PICTURE = /\.(?:jpe?g|jfif|png|webp|avif|gif|svg)$/i;
/** Subtypes of a picture's content type that are not the ending of its name. */
const SUBTYPES: Readonly<Record<string, string>> = { jpg: 'jpeg', jfif: 'jpeg', svg: 'svg+xml' };
const VIDEO = /\.(?:mp4|m4v|webm|mov|ogv)$/i;
const AUDIO = /\.(?:mp3|m4a|aac|oga|ogg|opus|flac|wav)$/i;

/** The beginning of a text that the page holds itself: a browser loads no text from a file. */
const EXCERPT_BYTES = 1_024;

/** Content type of a picture that browsers show, by its name; undefined for any other file. */
export function pictureType(name: string): string | undefined {
  if (!PICTURE.test(name)) return undefined;
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  return `image/${SUBTYPES[ending] ?? ending}`;
}

/** A picture, a film, a sound, the beginning of a text, or a link to anything else. */
export function fileFrame(file: ShownFile, out: string): Html {
  return html`<figure>${frameOf(file, linkTo(file.path, out))}
<figcaption><b>${file.label}</b><span data-size></span>
<span>${byteSize(file.bytes)}</span></figcaption></figure>`;
}

function frameOf({ path: file, alt }: ShownFile, link: string): Html {
  if (PICTURE.test(file))
    return html`<a class="frame" href="${link}">
<img src="${link}" alt="${alt}" loading="lazy" decoding="async"></a>`;
  if (VIDEO.test(file))
    return html`<video class="frame" src="${link}" aria-label="${alt}" controls
preload="metadata"></video>`;
  if (AUDIO.test(file))
    return html`<audio src="${link}" aria-label="${alt}" controls preload="none"></audio>`;
  const text = excerptOf(file);
  if (text === undefined)
    return html`<a class="frame none" href="${link}">Open ${path.basename(file)}</a>`;
  return html`<a class="frame text" href="${link}" aria-label="${alt}"><pre>${text}</pre></a>`;
}

/** The beginning of a file; undefined for one that is no text, is empty or cannot be read. */
function excerptOf(file: string): string | undefined {
  const start = beginningOf(file);
  try {
    // A stream may end within a character.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true });
    if (text === '' || CONTROL.test(text)) return undefined;
    return text.replaceAll('\t', '    ').replaceAll('\r', '');
  } catch {
    return undefined;
  }
}

/** What no text has: control characters but tabs and line breaks. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

function beginningOf(file: string): Buffer {
  const buffer = Buffer.alloc(EXCERPT_BYTES);
  try {
    const handle = openSync(file, 'r');
    try {
      return buffer.subarray(0, readSync(handle, buffer, 0, EXCERPT_BYTES, 0));
    } finally {
      closeSync(handle);
    }
  } catch {
    // It was moved away: the page shows a link all the same.
    return buffer.subarray(0, 0);
  }
}

/**
 * A link from the page to a file on disk, relative, so that the folder can be moved as a whole.
 * Every part is percent-encoded: `#`, `?`, `%` and spaces are legal in file names and mean
 * something else in URLs.
 */
export function linkTo(file: string, fromFolder: string): string {
  const link = path.relative(fromFolder, file).split(path.sep).map(encodePart).join('/');
  return link.startsWith('../') ? link : `./${link}`;
}

const encodePart = (part: string) => (part === '..' ? part : encodeURIComponent(part));
