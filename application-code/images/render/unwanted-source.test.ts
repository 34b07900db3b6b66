import { scene } from '../../../test/fakes/pictures/pictures';
import { render } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';
import type { RenditionSpec } from '../recipe';
import { unwantedSource } from './unwanted-source';

beforeAll(restrictLoaders);

describe('a rendition is left out on purpose', () => {
  test.each<[string, Partial<RenditionSpec>, readonly [number, number], string | undefined]>([
    ['not at the least side', { minSourceSide: 90 }, [120, 90], undefined],
    ['below the least side', { minSourceSide: 91 }, [120, 90], 'at least 91 pixels a side'],
    ['below it in width', { minSourceSide: 91 }, [90, 120], 'this one has 90 × 120'],
    ['not at the largest ratio', { maxSourceAspectRatio: 1.5 }, [150, 100], undefined],
    ['above it in width', { maxSourceAspectRatio: 1.5 }, [151, 100], 'at most 1.5 times'],
    ['above it in height', { maxSourceAspectRatio: 1 }, [100, 101], 'at most 1 times'],
    ['by nothing that is not given', {}, [1, 10_000], undefined],
  ])('%s', (_, filters, [width, height], because) => {
    const found = unwantedSource({ name: 'train', ...filters }, { width, height });
    expect(found).toEqual(because && expect.stringContaining(because));
  });

  const train = { name: 'train', resample: 'bilinear', width: 64, height: 64 } as const;

  test('by the picture as it is looked at, with a record beside the other renditions', async () => {
    const source = await scene(120, 90).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { images, skipped } = await render(source, [
      { name: 'page' },
      { ...train, minSourceSide: 100, ifImpossible: 'skip' },
    ]);
    expect(images.map(({ name }) => name)).toEqual(['page']);
    expect(skipped).toEqual([
      {
        name: 'train',
        because:
          'rendition train is made of pictures with at least 100 pixels a side, and this one has ' +
          '90 × 120; lower minSourceSide, or leave the picture out',
      },
    ]);
  });

  test.each(['skip', 'fail'] as const)(
    'with its reason where nothing else is made: a dataset knows it then, with %s',
    async (ifImpossible) => {
      const source = await scene(120, 90).png().toBuffer();
      const made = render(source, [{ ...train, minSourceSide: 100, ifImpossible }]);
      await expect(made).rejects.toMatchObject({
        ...{ name: 'LeftOutFault', code: 'RenditionImpossible', output: 'train' },
        message: expect.stringContaining('at least 100 pixels a side'),
      });
    },
  );
});
