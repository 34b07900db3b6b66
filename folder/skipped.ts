/** Why a file of the folder was not uploaded. It is reported, and makes the run end with 1. */
export type SkipReason =
  | 'NameNotUtf8'
  | 'KeyTooLong'
  | 'LinkLoops'
  | 'LinkDangles'
  | 'LinkLeadsOutside'
  | 'LinkRepeats'
  | 'NotAFile'
  | 'Unreadable'
  | 'Vanished'
  | 'Changed'
  | 'Refused';

/** A file or folder that was left out. */
export interface SkippedFile {
  /** Path below the folder. Bytes that are not UTF-8 and control characters are escaped. */
  readonly name: string;
  readonly reason: SkipReason;
  /** The error code of the operating system or the service. */
  readonly detail?: string;
}

const SENTENCES: Readonly<Record<SkipReason, string>> = {
  NameNotUtf8: 'has a name that is not UTF-8, which no S3 key can hold: rename it',
  KeyTooLong:
    'has a path longer than the 1,024 bytes of an S3 key: shorten its name or those of its folders',
  LinkLoops: 'is a link that leads back to itself or to a folder that it is in: remove it',
  LinkDangles: 'is a link to something that does not exist: remove it or fix its target',
  LinkLeadsOutside:
    'is a link that leads out of the folder: copy the files, or process their own folder',
  LinkRepeats: 'is another link to a folder that was read already: remove it',
  NotAFile: 'is neither a file nor a folder, but a socket, pipe or device: move it away',
  Unreadable: 'cannot be read: give yourself the permission to read it',
  Vanished: 'was there when the folder was listed and gone when it was to be read',
  Changed: 'changed while it was being uploaded: run again when it no longer changes',
  Refused: 'was refused by S3',
};

/** One sentence for the user: which file, what is wrong, what to do. */
export function skippedSentence({ name, reason, detail }: SkippedFile): string {
  return `${name} ${SENTENCES[reason]}${detail === undefined ? '' : ` (${detail})`}.`;
}

/** A file name as printable text on one line: all other bytes become `\xNN`. */
export function printableName(bytes: Buffer): string {
  const whole = decodeUtf8(bytes);
  if (whole !== undefined && !UNPRINTABLE.test(whole)) return whole;
  const shown = [...bytes].map((byte) =>
    byte >= 0x20 && byte < 0x7f
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, '0')}`,
  );
  return shown.join('');
}

/** Control characters, and characters that reverse or hide the text around them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a name, or undefined when it is not UTF-8. */
export function decodeUtf8(bytes: Buffer): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Names of files and folders, in lower case, that an operating system leaves in folders. */
const NAMES: ReadonlySet<string> = new Set([
  // macOS, and what it writes to other disks:
  // https://github.com/github/gitignore/blob/main/Global/macOS.gitignore
  '.ds_store',
  '.localized',
  'icon\r',
  '.appledouble',
  '.appledb',
  '.appledesktop',
  '.lsoverride',
  '.apdisk',
  '.documentrevisions-v100',
  '.fseventsd',
  '.spotlight-v100',
  '.temporaryitems',
  '.trashes',
  '.volumeicon.icns',
  '.com.apple.timemachine.donotpresent',
  'network trash folder',
  'temporary items',
  '__macosx',
  // Windows: https://github.com/github/gitignore/blob/main/Global/Windows.gitignore
  'thumbs.db',
  'thumbs.db:encryptable',
  'ehthumbs.db',
  'ehthumbs_vista.db',
  'desktop.ini',
  '$recycle.bin',
  'system volume information',
  // Linux and Android: https://github.com/github/gitignore/blob/main/Global/Linux.gitignore
  '.directory',
  '.trash',
  '.thumbnails',
  '.nomedia',
  'lost+found',
  // Network disks of Synology and QNAP.
  '@eadir',
  '#recycle',
  '@recycle',
  '.@__thumb',
]);

/**
 * `._` before a name holds what macOS knows of that file; `.Trash-1000` is one user's bin; `.fuse`
 * and `.nfs` are open files.
 */
const PATTERN = /^(\._.*|\.trash-\d+|\.fuse_hidden.*|\.nfs[0-9a-f]{8,})$/i;

/** Whether an operating system leaves files or folders of this name behind. */
export function isSystemFile(name: string): boolean {
  return NAMES.has(name.toLowerCase()) || PATTERN.test(name);
}

/** A sentence for the user about files of which a pipeline would never hear. */
export function unannouncedSentence(count: number, suffixes: readonly string[]): string {
  const [what, were] = count === 1 ? ['file', 'was'] : ['files', 'were'];
  return (
    `${count.toLocaleString('en-US')} ${what} ${were} not uploaded, since S3 announces only keys ` +
    `that end in ${suffixes.join(', ')}, the \`suffixes\` of the configuration.`
  );
}

/** A sentence for the user; empty when the count is 0. */
export function ignoredSentence(count: number): string {
  if (count === 0) return '';
  const [what, were] = count === 1 ? ['file or folder', 'was'] : ['files and folders', 'were'];
  return (
    `${count.toLocaleString('en-US')} ${what} of an operating system ` +
    `(such as .DS_Store or Thumbs.db) ${were} ignored.`
  );
}
