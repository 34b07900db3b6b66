import { digestOf } from '../../test/fakes/account';
import { fakeFamily } from '../../test/fakes/deployer/fake-family';
import type { Revision } from '../ports';
import { activeRevisions, factsOf } from './revisions';

const FAMILY = 's-dev-photos-worker';
const family = (count: number) =>
  fakeFamily({
    family: FAMILY,
    repository: 's-dev-worker',
    numbers: Array.from({ length: count }, (_, index) => index + 1),
    parameters: {},
  });

describe('activeRevisions', () => {
  test('returns all of a long family, newest first', async () => {
    const found = await activeRevisions(family(23).taskDefinitions, FAMILY);
    expect(found.map(({ number }) => number)).toEqual(
      Array.from({ length: 23 }, (_, index) => 23 - index),
    );
  });

  test('leaves out those that are deregistered or deleted after the list was read', async () => {
    const three = family(3);
    const list = async () => {
      const arns = await three.taskDefinitions.list(FAMILY);
      three.deregister(2);
      three.revisions.delete(`${FAMILY}:3`);
      return arns;
    };
    const found = await activeRevisions({ ...three.taskDefinitions, list }, FAMILY);
    expect(found.map(({ name }) => name)).toEqual([`${FAMILY}:1`]);
  });
});

describe('factsOf', () => {
  const revision = (image: string): Revision => ({
    name: `${FAMILY}:7`,
    arn: `arn:aws:ecs:us-east-1:123456789012:task-definition/${FAMILY}:7`,
    isActive: true,
    definition: {
      family: FAMILY,
      containerDefinitions: [{ name: 'worker', image, environment: [] }],
    },
    tags: {},
  });

  test('takes the digest from the image, which ECS pulls, and not from a tag', () => {
    const tags = { 'spillway:image-digest': digestOf(1) };
    const facts = factsOf({ ...revision(`example/worker@${digestOf(2)}`), tags });
    expect(facts).toMatchObject({ number: 7, imageDigest: digestOf(2) });
  });

  test('knows no digest of an image with a tag, and nothing that ECS does not say', () => {
    const facts = factsOf(revision('example/worker:1'));
    expect(Object.keys(facts).sort()).toEqual(['arn', 'image', 'name', 'number']);
  });
});
