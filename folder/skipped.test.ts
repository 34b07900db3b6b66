import { ignoredSentence, isSystemFile, printableName, skippedSentence } from './skipped';

describe('printableName', () => {
  test.each([
    ['Café 😀.jpg', 'Café 😀.jpg', 'what is printable stays'],
    ['a\u001b[2Jb', 'a\\x1b[2Jb', 'a sequence that clears the screen'],
    ['a\nb', 'a\\x0ab', 'a line break'],
    ['gpj\u202etxt', 'gpj\\xe2\\x80\\xaetxt', 'a mark that turns the text around'],
  ])('shows %j as %j: %s', (name, shown) => {
    expect(printableName(Buffer.from(name))).toBe(shown);
  });

  test('shows bytes that are no UTF-8', () => {
    expect(printableName(Buffer.from('caf\xe9', 'latin1'))).toBe('caf\\xe9');
  });
});

test('a sentence names the file, what is wrong, what the system said and what to do', () => {
  expect(skippedSentence({ name: 'a.jpg', reason: 'Unreadable', detail: 'EACCES' })).toBe(
    'a.jpg cannot be read: give yourself the permission to read it (EACCES).',
  );
});

test.each([
  '.DS_Store',
  '._IMG_1.jpg',
  'Thumbs.db',
  'THUMBS.DB',
  'desktop.ini',
  'Desktop.ini',
  'Icon\r',
  '__MACOSX',
  '$RECYCLE.BIN',
  'System Volume Information',
  '.Trash-1000',
  '.nfs00000000012345678',
  '.thumbnails',
  '@eaDir',
])('%j is left behind by an operating system', (name) => {
  expect(isSystemFile(name)).toBe(true);
});

test.each([
  'IMG_1.jpg',
  '.hidden.jpg',
  '_.jpg',
  '.',
  'thumbs.db.jpg',
  'my desktop.ini',
  'DS_Store',
  'Icon',
  '.trash-can',
])('%j may be a photo', (name) => {
  expect(isSystemFile(name)).toBe(false);
});

test('reports the number of ignored files, and is empty for 0', () => {
  expect(ignoredSentence(0)).toBe('');
  expect(ignoredSentence(1)).toMatch(/^1 file or folder of an .* was ignored\.$/);
  expect(ignoredSentence(1_234)).toMatch(/^1,234 files and folders of an .* were ignored\.$/);
});
