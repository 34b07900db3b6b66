import { isDrawable } from './paint';

test.each([
  ['a terminal', { isTTY: true, columns: 80 }, 'xterm', true],
  ['a pseudo-terminal without a size', { isTTY: true, columns: 0 }, 'xterm', false],
  ['one that says none', { isTTY: true }, 'xterm', false],
  ['a dumb terminal', { isTTY: true, columns: 80 }, 'dumb', false],
  ['a pipe', { columns: 80 }, 'xterm', false],
] as const)(
  'a picture that renews itself can or cannot be drawn on %s',
  (_title, stream, TERM, drawable) => {
    expect(isDrawable(stream as { isTTY?: boolean }, { TERM })).toBe(drawable);
  },
);
