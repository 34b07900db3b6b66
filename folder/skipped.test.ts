import { printableName, skippedSentence } from './skipped';

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
