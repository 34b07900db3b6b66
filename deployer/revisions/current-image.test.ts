import type { DeliveryTarget } from '../../contract/delivery';
import { digestOf } from '../../test/fakes/account';
import { FakeAccount, namesOf, uriOf } from '../../test/fakes/deployer/fake-account';
import { currentImage } from './current-image';

const { parameterPath, taskFamily } = namesOf('photos');
const PARAMETER = `${parameterPath}task-definition`;
let account: FakeAccount;
let target: DeliveryTarget;

beforeEach(() => {
  account = new FakeAccount();
  target = account.addPipeline('photos');
});

/** Promotes a new revision of an image; a redeploy says at which version it saw the image. */
function promote(digit: number, seenAt?: number): string {
  const worker = { name: 'worker', image: uriOf(digit), environment: [] };
  const tags = seenAt === undefined ? {} : { 'spillway:image-seen-at': String(seenAt) };
  const { name } = account.register(taskFamily, [worker], tags);
  account.parameters.get(PARAMETER)?.push(name);
  return name;
}

async function current(): Promise<string | undefined> {
  const promoted = await account.ports().parameters.read(PARAMETER);
  return (await currentImage(account.ports(), target, promoted))?.digest;
}

describe('the image that is to be current', () => {
  test('does not exist before anything is promoted', async () => {
    expect(await current()).toBeUndefined();
  });

  test('is that of the last build', async () => {
    promote(1);
    promote(2);
    expect(await current()).toBe(digestOf(2));
  });

  test('is that of a redeploy without another promotion in between', async () => {
    promote(1);
    promote(1, 2);
    expect(await current()).toBe(digestOf(1));
  });

  test('is that of the build that a redeploy wrote over by accident', async () => {
    promote(1);
    promote(2);
    promote(1, 2);
    expect(await current()).toBe(digestOf(2));
  });

  test('is that of the build under two redeploys that wrote over it', async () => {
    promote(1);
    promote(2);
    promote(1, 2);
    promote(1, 2);
    expect(await current()).toBe(digestOf(2));
  });

  test('is that of a rollback to a redeploy, soon or late', async () => {
    promote(1);
    const redeployed = promote(1, 2);
    for (const digit of [2, 3]) promote(digit);
    account.parameters.get(PARAMETER)?.push(redeployed);
    expect(await current()).toBe(digestOf(1));
    for (let build = 0; build < 20; build += 1) promote(2);
    account.parameters.get(PARAMETER)?.push(redeployed);
    // Parameter Store keeps a hundred versions: older ones are not read.
    account.broken.set('readVersion', new Error('there is no such version'));
    expect(await current()).toBe(digestOf(1));
  });

  test('fails when the promoted revision does not exist', async () => {
    account.parameters.get(PARAMETER)?.push('unknown:9');
    await expect(current()).rejects.toThrow(
      `The parameter ${PARAMETER} names unknown:9, which ECS does not know`,
    );
  });
});
