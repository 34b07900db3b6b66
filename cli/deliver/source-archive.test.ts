import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { withSourceArchive } from './source-archive';

describe('the archive of the last commit', () => {
  let checkout: string;
  const git = (...words: string[]) => execFileSync('git', words, { cwd: checkout, stdio: 'pipe' });
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'spillway-checkout-'));
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  test('holds what is committed, says what is not, and is gone afterwards', async () => {
    git('init', '--quiet');
    writeFileSync(join(checkout, 'a.txt'), 'committed');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'a');
    writeFileSync(join(checkout, 'a.txt'), 'changed');
    writeFileSync(join(checkout, 'b.txt'), 'new');
    const path = await withSourceArchive(async (archive) => {
      const files = unzipSync(readFileSync(archive.path));
      expect(Object.keys(files)).toEqual(['a.txt']);
      expect(Buffer.from(files['a.txt'] ?? []).toString()).toBe('committed');
      expect(archive).toMatchObject({ uncommitted: 2, bytes: readFileSync(archive.path).length });
      expect(archive.commit).toMatch(/^[0-9a-f]{40}$/);
      return archive.path;
    }, checkout);
    expect(existsSync(path)).toBe(false);
  });

  test('fails where there is no commit', async () => {
    git('init', '--quiet');
    await expect(withSourceArchive(async () => 1, checkout)).rejects.toMatchObject({
      name: 'RefusalError',
      message: expect.stringMatching(
        /^git rev-parse failed in .*the last commit of this checkout is delivered/,
      ),
    });
  });
});
