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

/** A sentence for the user; empty when the count is 0. */
export function ignoredSentence(count: number): string {
  if (count === 0) return '';
  const [what, were] = count === 1 ? ['file or folder', 'was'] : ['files and folders', 'were'];
  return (
    `${count.toLocaleString('en-US')} ${what} of an operating system ` +
    `(such as .DS_Store or Thumbs.db) ${were} ignored.`
  );
}
