import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(__dirname, '../..');

interface Bill {
  readonly components: readonly { readonly name: string; readonly purl: string }[];
}

function componentsOf(workload: string): readonly string[] {
  execFileSync(process.execPath, ['build.mjs', `application-code/${workload}`], { cwd: root });
  const words = ['application-code/worker/write-sbom.mjs', `application-code/${workload}`];
  const bill = execFileSync(process.execPath, words, { cwd: root, encoding: 'utf8' });
  return (JSON.parse(bill) as Bill).components.map(({ name }) => name);
}

describe('the list of what an image is made of', () => {
  test.each([
    ['povray', ['yauzl', 'mime-types', '@aws-sdk/client-s3', 'zod'], ['file-type', 'sharp']],
    ['images', ['sharp', 'detect-libc', '@aws-sdk/client-s3', 'zod'], ['yauzl', 'file-type']],
  ])(
    'has the packages in the bundle of %s and those outside of it, and no other',
    (workload, its, others) => {
      const components = componentsOf(workload);
      expect(components).toEqual(expect.arrayContaining(['node', ...its]));
      expect(components.filter((name) => others.includes(name))).toEqual([]);
    },
  );
});
