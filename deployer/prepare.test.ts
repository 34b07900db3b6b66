import { beforeEach, describe, expect, test } from '@jest/globals';
import { digestOf, namesOf, uriOf, World } from './fakes/world';
import { prepare } from './prepare';

const { deliveryPath, parameterPath, taskFamily } = namesOf('photos');
const carried = { uri: uriOf(2), digest: digestOf(2) };
let world: World;

beforeEach(() => {
  world = new World();
  world.addPipeline('photos');
  for (const digit of [1, 2]) world.digests.add(digestOf(digit));
  const worker = { name: 'worker', image: uriOf(1), environment: [] };
  world.parameters
    .get(`${parameterPath}task-definition`)
    ?.push(world.register(taskFamily, [worker], {}).name);
});

describe('a redeploy that took the place of another promotion', () => {
  const after = (since: number) =>
    prepare(world.surroundings(), { digests: {} }, { deliveryPath, carried: { image: carried, since } });

  test('takes the image that it overwrote while its own write is the newest', async () => {
    expect(await after(2)).toMatchObject({ image: carried, isNewImage: false });
  });

  test('takes the image that somebody promoted after its write', async () => {
    expect(await after(1)).toMatchObject({ image: { digest: digestOf(1) } });
  });
});
