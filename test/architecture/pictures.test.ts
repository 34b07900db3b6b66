import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const PICTURE = /\b(sharp|pixels?|jpeg|webp|avif|tiff?|heic|exif)\b/i;
const OWN = /^(application-code\/images|test|bench|examples)\/|\.test\.ts$/;

/** Files of other rooms that may name one, and why. */
const REASONS: Readonly<Record<string, string>> = {
  'application-code/povray/messages.ts': 'the progress of POV-Ray, in its words',
  'application-code/worker/src/log-lines.ts': 'an example of a figure',
  'application-code/worker/src/workload/workload.ts': 'an example of a figure',
  'build.mjs': 'sharp stays outside the deployer, which loads the canary of images',
  'local/start-command.ts': 'an example of a recipe',
  'local/view/file-frame.ts': 'files that a browser shows in place',
};

const knowsPictures = (source: string) => PICTURE.test(source);
const knowing = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.mjs'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !OWN.test(file) && existsSync(join(root, file)))
  .filter((file) => knowsPictures(readFileSync(join(root, file), 'utf8')));

test('no room but application-code/images/ knows a picture', () => {
  expect(knowing.sort()).toEqual(Object.keys(REASONS).sort());
});

test.each([
  "import sharp from 'sharp';",
  'const maxSourcePixels = 1; // pixels',
  "const FORMATS = ['webp'];",
])('fails for %s', (source) => {
  expect(knowsPictures(source)).toBe(true);
});
