import fc from 'fast-check';
import { TASK_DEFINITION_PARAMETER } from '../contract/parameters';
import { digestOf } from '../test/fakes/account';
import { Turns } from '../test/fakes/deployer/actor-turns';
import { FakeAccount, namesOf, uriOf } from '../test/fakes/deployer/fake-account';
import type { CanaryResult } from './canary/canary';
import { type Canary, type DeployRequest, deploy } from './deploy';
import type { DeployPorts } from './ports';

const PASSED: CanaryResult = { kind: 'passed', samples: 4, outputs: 4, seconds: 41 };
const passes: Canary = async () => PASSED;

const photos = namesOf('photos');
const redeploy: DeployRequest = {
  deliveryPaths: [photos.deliveryPath],
  digests: {},
  keptRevisions: 2,
};
const build = (digit: number): DeployRequest => ({
  ...redeploy,
  digests: { arm64: { images: digestOf(digit) } },
});

let account: FakeAccount;
const run = (wanted: DeployRequest, canary = passes) => deploy(account.ports(), wanted, canary);
const image = () => account.promoted('photos')?.definition.containerDefinitions[0]?.image;

beforeEach(() => start());

function start(): void {
  account = new FakeAccount();
  account.addPipeline('photos');
  for (const digit of [1, 2]) account.digests.add(digestOf(digit));
}

describe('several deployers at a time', () => {
  /** Which actor continues, and for how many halves of a call; at the end they take turns. */
  const stretch = fc.tuple(
    fc.constantFrom('build', 'redeploy', 'another', 'change'),
    fc.integer({ min: 1, max: 40 }),
  );

  test('end on the newest template and the newest image, however their calls fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stretch, { maxLength: 12 }),
        fc.boolean(),
        async (stretches, isFirstImage) => {
          start();
          if (!isFirstImage) await run(build(1));
          const turns = new Turns();
          const play = (who: string, wanted: DeployRequest) =>
            deploy(account.ports(turns.of(who)), wanted, passes);
          const changed = turns
            .of('change')()
            .then(() => {
              account.changeTemplate('photos', { LOG_LEVEL: 'debug' });
              return play('redeploy', redeploy);
            });
          // A change of the stacks starts a redeploy for each pipeline that it touches.
          const all = Promise.all([play('build', build(2)), changed, play('another', redeploy)]);
          expect(await turns.drive(stretches, all)).toEqual([true, true, true]);
          expect(image()).toBe(uriOf(2));
          expect(account.promoted('photos')).toMatchObject({
            isActive: true,
            tags: { 'spillway:template': expect.stringMatching(/:2$/) },
          });
        },
      ),
      { numRuns: 500 },
    );
  }, 120_000);

  describe('what comes between the last look before a promotion and its write', () => {
    /** Ports with which something else happens just before the first promotion is written. */
    function interrupted(happens: () => void): DeployPorts {
      const ports = account.ports();
      let isOver = false;
      const write: DeployPorts['parameters']['write'] = (name, value) => {
        if (name.endsWith(TASK_DEFINITION_PARAMETER) && !isOver) {
          isOver = true;
          happens();
        }
        return ports.parameters.write(name, value);
      };
      return { ...ports, parameters: { ...ports.parameters, write } };
    }

    test.each([
      ['a build', build(2)],
      ['a redeploy', redeploy],
    ])('is seen after the write of %s: a new template is promoted after all', async (_, wanted) => {
      await run(build(1));
      account.changeTemplate('photos', { LOG_LEVEL: 'debug' });
      const ports = interrupted(() => account.changeTemplate('photos', { LOG_LEVEL: 'warn' }));
      expect(await deploy(ports, wanted, passes)).toBe(true);
      expect(account.promoted('photos')).toMatchObject({
        tags: { 'spillway:template': expect.stringMatching(/:3$/) },
      });
      expect(image()).toBe(uriOf(wanted === redeploy ? 1 : 2));
    });

    test('is seen after the write of a redeploy: an image of a build stays', async () => {
      await run(build(1));
      await run(build(2));
      const parameter = `${photos.parameterPath}${TASK_DEFINITION_PARAMETER}`;
      account.parameters.get(parameter)?.push(`${photos.taskFamily}:1`);
      account.changeTemplate('photos', { LOG_LEVEL: 'debug' });
      // A redeploy took the image 1, and now the image 2 is promoted again.
      const ports = interrupted(() =>
        account.parameters.get(parameter)?.push(`${photos.taskFamily}:2`),
      );
      expect(await deploy(ports, redeploy, passes)).toBe(true);
      expect(image()).toBe(uriOf(2));
    });
  });

  test('a redeploy does not undo a rollback that came while its canary ran', async () => {
    await run(build(1));
    await run(build(2));
    account.changeTemplate('photos', { LOG_LEVEL: 'debug' });
    let rolledBack = false;
    await run(redeploy, async () => {
      if (!rolledBack)
        account.parameters
          .get(`${photos.parameterPath}task-definition`)
          ?.push(`${photos.taskFamily}:1`);
      rolledBack = true;
      return PASSED;
    });
    expect(image()).toBe(uriOf(1));
    expect(account.promoted('photos')?.tags['spillway:template']).toMatch(/:2$/);
  });
});
