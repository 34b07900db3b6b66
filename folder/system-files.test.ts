import { ignoredSentence, isSystemFile } from './system-files';

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
