import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { resourceAt } from '../../../test/fakes/stacks/queue-processing-in-stack';
import { allOf } from '../../../test/fakes/stacks/synthesised';

const rulesOf = (stack: ReturnType<typeof delivery>, path: string) =>
  JSON.parse(`${resourceAt(stack, 'aws_ecr_lifecycle_policy', path).policy}`).rules.map(
    ({ rulePriority, selection, action }: Record<string, object>) => [
      rulePriority,
      selection,
      action,
    ],
  );
const expire = { type: 'expire' };
const newest = (prefix: string, countNumber: number) => ({
  tagStatus: 'tagged',
  tagPrefixList: [prefix],
  countType: 'imageCountMoreThan',
  countNumber,
});

describe('the repository of images', () => {
  const stack = delivery();

  test('has immutable tags, scans pushed images, and is encrypted', () => {
    expect(resourceAt(stack, 'aws_ecr_repository', 'images')).toMatchObject({
      name: 'spillway-dev-worker',
      image_tag_mutability: 'IMMUTABLE',
      image_scanning_configuration: { scan_on_push: true },
      encryption_configuration: [{ encryption_type: 'AES256' }],
      force_delete: false,
    });
  });

  test('keeps promoted images apart from the count of built ones', () => {
    const settings = {
      delivery: { keptImages: 50, keptRevisions: 20 },
      pipelines: { photos: {}, scans: {} },
    };
    expect(rulesOf(delivery(settings), 'images_images-lifecycle')).toEqual([
      [1, newest('promoted.photos.', 21), expire],
      [2, newest('promoted.scans.', 21), expire],
      [3, newest('arm64-', 50), expire],
      [4, newest('x86_64-', 50), expire],
      [
        5,
        { tagStatus: 'untagged', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 1 },
        expire,
      ],
    ]);
  });

  test('has a cache beside it with mutable tags, which expires', () => {
    expect(resourceAt(stack, 'aws_ecr_repository', 'images_cache')).toMatchObject({
      name: 'spillway-dev-worker-cache',
      image_tag_mutability: 'MUTABLE',
    });
    const since = { countType: 'sinceImagePushed', countUnit: 'days' };
    expect(rulesOf(stack, 'images_cache-lifecycle')).toEqual([
      [1, { tagStatus: 'untagged', ...since, countNumber: 1 }, expire],
      [2, { tagStatus: 'tagged', tagPatternList: ['*'], ...since, countNumber: 30 }, expire],
    ]);
  });

  test('uses the key and `forceDestroy` of the settings', () => {
    const own = delivery({ encryption: 'own', buckets: { forceDestroy: true } });
    for (const repository of allOf(own.resources, 'aws_ecr_repository')) {
      expect(repository).toMatchObject({
        encryption_configuration: [{ encryption_type: 'KMS', kms_key: '<key arn>' }],
        force_delete: true,
      });
    }
  });
});
