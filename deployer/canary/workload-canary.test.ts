import { createHash } from 'node:crypto';
import { canary as images } from '../../application-code/images/canary';
import { canary as checksum } from '../../examples/checksum/canary';
import { loadCanary } from './workload-canary';

test('a revision that names no workload is tried by the canary of images', async () => {
  expect(await loadCanary()).toBe(images);
  expect(await loadCanary('images')).toBe(images);
});

test('fails for a workload without a canary, and says what to do', async () => {
  await expect(loadCanary('worker')).rejects.toThrow(
    /^The workload worker has no canary that can be loaded .*: its folder needs a canary\.ts/,
  );
});

describe.each(['sha256', 'sha512', 'md5'])('the canary of the example, for %s', (algorithm) => {
  const judged = async (body?: string) => {
    const trial = await checksum.prepare({ RECIPE: JSON.stringify(algorithm) });
    return trial.judge(async (path) =>
      body !== undefined && path === `abc.txt.${algorithm}`
        ? { body: Buffer.from(body), metadata: {} }
        : undefined,
    );
  };

  test('passes a checksum that is right', async () => {
    expect(await judged(`${createHash(algorithm).update('abc').digest('hex')}\n`)).toEqual([]);
  });

  test.each([
    ['another one', createHash('sha1').update('abc').digest('hex')],
    ['nothing', undefined],
  ])('refuses %s', async (_what, body) => {
    expect(await judged(body)).toEqual([
      expect.stringContaining(`but ${body ?? 'nothing'} was found`),
    ]);
  });
});
