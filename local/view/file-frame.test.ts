import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { fileFrame, linkTo } from './file-frame';

describe('fileFrame', () => {
  const out = mkdtempSync(join(tmpdir(), 'frame-'));
  afterAll(() => rmSync(out, { recursive: true }));

  function shown(name: string, content: string | Uint8Array = new Uint8Array([0, 1])): string {
    writeFileSync(join(out, name), content);
    const file = { path: join(out, name), bytes: content.length };
    return String(fileFrame({ ...file, label: 'one', alt: 'a, one' }, out));
  }

  test.each([
    ['a picture', 'a.PNG', '<img src="./a.PNG" alt="a, one"'],
    ['a film', 'a b.mp4', '<video class="frame" src="./a%20b.mp4" aria-label="a, one" controls'],
    ['a sound', 'a.flac', '<audio src="./a.flac" aria-label="a, one" controls'],
    ['anything else', 'a.zip', '<a class="frame none" href="./a.zip">Open a.zip</a>'],
  ])('shows %s as what it is', (_what, name, tag) => {
    expect(shown(name)).toContain(tag);
  });

  test('shows the beginning of a text, whatever its name', () => {
    const text = shown('sums.sha256', `<b>\tÄ\r\n${'é'.repeat(5_000)}`);
    expect(text).toContain('<pre>&lt;b&gt;    Ä\n');
    expect(text.length).toBeLessThan(2_000);
  });

  test.each([
    ['is empty', ''],
    ['holds a control character', 'a\u001b[2J'],
    ['is not UTF-8', new Uint8Array([0xff, 0xfe, 0x41])],
  ])('is a link to a file that %s', (_what, content) => {
    expect(shown('x.txt', content)).toContain('Open x.txt');
  });

  test('is a link to a file that was moved away', () => {
    const file = { path: join(out, 'gone.txt'), bytes: 1, label: 'one', alt: 'a' };
    expect(String(fileFrame(file, out))).toContain('Open gone.txt');
  });
});

describe('linkTo', () => {
  test('leads back to the same file, whatever its name', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/^\.{1,2}$|[/\0]/.test(text));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 3 }), (parts) => {
        const file = `/photos/${parts.join('/')}`;
        const url = new URL(linkTo(file, '/work/out'), 'file:///work/out/index.html');
        expect(decodeURIComponent(url.pathname)).toBe(file);
        expect(url.search + url.hash).toBe('');
      }),
    );
  });
});
