import { digestOf } from '../test/fakes/account';
import { type FakeFamily, fakeFamily } from '../test/fakes/deployer/fake-family';
import { planRollback, rollBack } from './rollback';

const SCOPE = {
  parameterPath: '/s/dev/photos/',
  taskFamily: 's-dev-photos-worker',
  repository: 's-dev-worker',
};
const PARAMETER = '/s/dev/photos/task-definition';

const named = (number: number) => `${SCOPE.taskFamily}:${number}`;
/** @param before what was promoted before, oldest first; default: all of them. */
const family = (
  numbers: readonly number[] = [3, 5, 7, 9],
  promoted = named(9),
  before: readonly string[] = numbers.map(named),
) =>
  fakeFamily({
    family: SCOPE.taskFamily,
    repository: SCOPE.repository,
    numbers,
    parameters: { [PARAMETER]: ['none', ...before, promoted] },
  });
const arn = (number: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/s-dev-photos-worker:${number}`;
const promotedBy = (fake: FakeFamily) => fake.history.get(PARAMETER);

describe('planRollback', () => {
  test.each([
    ['the newest one older than the promoted one when none is named', 9, undefined, 7],
    ['never a newer one unless it is named', 7, undefined, 5],
    ['a number', 9, '3', 3],
    ['a name', 9, 's-dev-photos-worker:5', 5],
    ['an ARN', 9, arn(5), 5],
    ['a newer one, which undoes a rollback', 3, '9', 9],
  ])('takes %s', async (_title, promoted, wanted, expected) => {
    const plan = await planRollback(
      family(undefined, `s-dev-photos-worker:${promoted}`),
      SCOPE,
      wanted,
    );
    expect(plan).toMatchObject({
      from: `s-dev-photos-worker:${promoted}`,
      to: { name: `s-dev-photos-worker:${expected}`, imageDigest: digestOf(expected) },
      version: 6,
    });
  });

  test('reads a promoted ARN, as a deploy of the stacks writes it', async () => {
    const plan = await planRollback(family(undefined, arn(5)), SCOPE);
    expect([plan.from, plan.to.number]).toEqual(['s-dev-photos-worker:5', 3]);
  });

  test('goes back past an active revision that was never promoted', async () => {
    const fake = family([3, 5, 7, 9], named(9), [named(3), named(5)]);
    expect((await planRollback(fake, SCOPE)).to.number).toBe(5);
  });

  test('takes one that was promoted by its ARN, as a deploy of the stacks does', async () => {
    const fake = family([3, 5, 7, 9], named(9), [arn(3), arn(7)]);
    expect((await planRollback(fake, SCOPE)).to.number).toBe(7);
    expect((await planRollback(fake, SCOPE, '3')).to.number).toBe(3);
  });

  test('goes back past a promoted revision that was deregistered', async () => {
    const fake = family();
    fake.deregister(9);
    expect((await planRollback(fake, SCOPE)).to.number).toBe(7);
  });

  test.each([
    ['is the promoted one', '9', 's-dev-photos-worker:9 is promoted already. There is: 7, 5, 3 ('],
    ['never was', '8', 's-dev-photos-worker:8 does not exist. There is: 7, 5, 3 ('],
    [
      'is of another family',
      'other:5',
      'other:5 is no revision of s-dev-photos-worker, the family',
    ],
    [
      'is of a longer family',
      's-dev-photos-worker-template:5',
      'is no revision of s-dev-photos-worker,',
    ],
    [
      'is of another account',
      arn(5).replace('123456789012', '210987654321'),
      `is of another account or region: here it is ${arn(5)}.`,
    ],
  ])('fails when the revision %s', async (_title, wanted, sentence) => {
    await expect(planRollback(family(), SCOPE, wanted)).rejects.toThrow(sentence);
  });

  test.each(['7', named(7), arn(7), '11'])(
    'fails when the revision %s was never promoted, and offers those that were',
    async (wanted) => {
      const fake = family([3, 5, 7, 9, 11], named(9), [named(3), named(5)]);
      await expect(planRollback(fake, SCOPE, wanted)).rejects.toThrow(
        /worker:(7|11) was never promoted, .* last 100 values .* Push its commit .* is: 5, 3 \(/,
      );
    },
  );

  test('fails when no older one was promoted, and offers none that was not', async () => {
    await expect(planRollback(family([7, 9], named(9), []), SCOPE)).rejects.toThrow(
      `no active revision older than ${named(9)}, which is promoted, was promoted before. ` +
        'There is no other active revision that was promoted before: push the commit',
    );
  });

  test('fails when the revision was deregistered', async () => {
    const fake = family();
    fake.deregister(5);
    await expect(planRollback(fake, SCOPE, '5')).rejects.toThrow(
      's-dev-photos-worker:5 was deregistered. There is: 7, 3 (',
    );
  });

  test('fails when its image is gone, and offers the others', async () => {
    const fake = family();
    fake.digests.delete(digestOf(7));
    await expect(planRollback(fake, SCOPE)).rejects.toThrow(
      'the image of s-dev-photos-worker:7 is no longer in the repository s-dev-worker ' +
        `(${digestOf(7)}). There is: 5, 3 (`,
    );
  });

  test('fails when its image is of another repository, which cannot be looked into', async () => {
    await expect(planRollback(family(), { ...SCOPE, repository: 'other' })).rejects.toThrow(
      /worker@sha256:7+, which is no image by digest of the repository other/,
    );
  });

  test.each([
    ['nothing is promoted yet', family([1], 'none', []), 'nothing is promoted yet'],
    [
      'there is no older one',
      family([9]),
      'There is no other active revision that was promoted before: push the commit',
    ],
    [
      'the promoted one is of another family',
      family([3], 'other:9'),
      'older than other:9, which is promoted, was promoted before. There is: 3 (',
    ],
  ])('fails when %s', async (_title, fake, sentence) => {
    await expect(planRollback(fake, SCOPE)).rejects.toThrow(sentence);
  });
});

describe('rollBack', () => {
  test('writes the name of the revision, once', async () => {
    const fake = family();
    expect(await rollBack(fake, SCOPE, await planRollback(fake, SCOPE))).toEqual({});
    expect(promotedBy(fake)?.slice(5)).toEqual(['s-dev-photos-worker:9', 's-dev-photos-worker:7']);
  });

  test('fails when another revision was promoted since the plan, and changes nothing', async () => {
    const fake = family();
    const plan = await planRollback(fake, SCOPE);
    await fake.parameters.write(PARAMETER, 's-dev-photos-worker:5');
    await expect(rollBack(fake, SCOPE, plan)).rejects.toThrow(
      's-dev-photos-worker:5 was promoted meanwhile, and nothing was changed',
    );
    expect(promotedBy(fake)?.at(-1)).toBe('s-dev-photos-worker:5');
  });

  test('stands, and says so, when another was promoted a moment before', async () => {
    const fake = family();
    const plan = await planRollback(fake, SCOPE);
    const { write } = fake.parameters;
    const parameters = {
      ...fake.parameters,
      write: async (name: string, value: string) => {
        await write(name, 's-dev-photos-worker:5');
        return write(name, value);
      },
    };
    expect(await rollBack({ parameters }, SCOPE, plan)).toEqual({
      overwritten: 's-dev-photos-worker:5',
    });
    expect(promotedBy(fake)?.at(-1)).toBe('s-dev-photos-worker:7');
  });

  test('fails when a delivery promotes right after it', async () => {
    const fake = family();
    const plan = await planRollback(fake, SCOPE);
    const { write } = fake.parameters;
    const parameters = {
      ...fake.parameters,
      write: async (name: string, value: string) => {
        const version = await write(name, value);
        await write(name, 's-dev-photos-worker:5');
        return version;
      },
    };
    await expect(rollBack({ parameters }, SCOPE, plan)).rejects.toThrow(
      's-dev-photos-worker:5 was promoted right after s-dev-photos-worker:7, by a delivery ' +
        'that runs',
    );
  });
});
