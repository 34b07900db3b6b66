import { planNothing, terraform } from '../checkout';
import { whyNoPush } from '../terraform-tools';
import { changesItsRecipe, RECIPE } from './changed-recipe';
import { anotherQuality } from './commits';
import { whyStopped } from './delivery';
import { type DeployedCheckout, openDeployedCheckout } from './deployed-checkout';

const missing = whyNoPush();
const rehearse = missing ? describe.skip : describe;
const SCRIPT = `#!/bin/sh
set -eu
gzip -9 < "$JOB_INPUT" > "$JOB_OUTPUT/$(basename "$SOURCE_KEY").gz"
`;
/** A program that no page names, made a workload as a user does. */
const PACKS = {
  pipelines: "packs: { workload: 'packs' },",
  program: {
    file: 'pack.sh',
    text: SCRIPT,
    words: ['packs', '--command', './pack.sh', '--outputs', '{name}.gz'],
  },
  taskFamily: 'spillway-dev-packs-worker',
};
const file = 'application-code/packs/pack.sh';
/** Another image, whose outputs are as good to its canary. */
const FASTER = { file, from: 'gzip -9', to: 'gzip -1' };
const NO_OUTPUT = { file, from: 'gzip -9', to: 'cat > unpacked; exit 0; gzip -9' };

rehearse(
  `an environment of two workloads, and its redeploys${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let checkout: DeployedCheckout;

    beforeAll(async () => {
      checkout = await openDeployedCheckout(PACKS);
    }, 240_000);

    afterAll(async () => {
      await checkout?.close();
    }, 90_000);

    const promotedPacks = async () => {
      const Name = '/spillway/dev/packs/task-definition';
      return (await checkout.clients.ssm.getParameter({ Name })).Parameter?.Value;
    };
    const packs = (revision: number) => `${PACKS.taskFamily}:${revision}`;
    const describeRevision = async (taskDefinition: string) => {
      const { taskDefinition: found } = await checkout.clients.ecs.describeTaskDefinition({
        taskDefinition,
      });
      return { memory: found?.memory, image: found?.containerDefinitions?.[0]?.image };
    };

    test('a first push builds an image of each workload, also of one that `spillway new` has ' +
      'just made, and its own canary tries it', async () => {
      expect(checkout.added).toBe('?? application-code/packs/\n');
      const end = await checkout.push('the first commit');
      expect(whyStopped(end)).toBe('');
      expect(end.logs.Deploy).toMatch(/photos: canary passed in \d+ s: 4 samples, \d+ outputs/);
      expect(end.logs.Deploy).toMatch(/packs: canary passed in \d+ s: 1 samples, 1 outputs/);
      const { image } = await describeRevision((await checkout.delivery.promoted()).value);
      expect(image).toContain('/spillway-dev-worker@sha256:');
      expect(await promotedPacks()).toBe(packs(1));
      const own = await describeRevision(packs(1));
      expect(own.image).toContain('/spillway-dev-worker/packs@sha256:');
    }, 180_000);

    test('a push that changes one workload builds and promotes that one alone', async () => {
      const photos = await checkout.delivery.promoted();
      const end = await checkout.push('a faster program', [FASTER]);
      expect(whyStopped(end)).toBe('');
      expect(end.logs.BuildArm64).toMatch(/ exists: its digest is used, and nothing is built\.$/m);
      expect(end.logs['BuildArm64-packs']).toContain('writing image sha256:');
      expect(end.logs.Deploy).toContain('photos: nothing to do');
      expect(await promotedPacks()).toBe(packs(2));
      expect(await checkout.delivery.promoted()).toEqual(photos);
    }, 120_000);

    test('a workload whose canary is refused stops no other one', async () => {
      const photos = await checkout.delivery.promoted();
      const end = await checkout.push('both', [NO_OUTPUT, anotherQuality(30)]);
      expect(end).toMatchObject({ succeeded: false, stoppedAt: 'Deploy Deploy' });
      expect(end.logs.Deploy).toMatch(/packs: refused \S+:3: .*hello\.txt\.gz/);
      expect(await promotedPacks()).toBe(packs(2));
      expect((await checkout.delivery.promoted()).value).not.toBe(photos.value);
    }, 120_000);

    test('a rollback is of one pipeline', async () => {
      const photos = await checkout.delivery.promoted();
      expect(await checkout.spillway('rollback', '-p', 'packs', '--yes')).toMatchObject({
        code: 0,
      });
      expect(await promotedPacks()).toBe(packs(1));
      expect(await checkout.delivery.promoted()).toEqual(photos);
    }, 60_000);

    test('a deploy of the stacks moves nothing by itself, and its redeploy keeps the ' +
      'image; a push keeps its size', async () => {
      const before = await checkout.delivery.promoted();
      const { memory, image } = await describeRevision(before.value);
      expect(memory).toBe('2048');
      // With a recipe whose hash the renditions will have.
      await checkout.configure('memoryMiB: 2048', `memoryMiB: 4096, ${RECIPE}`);
      const templates = await checkout.delivery.templates();
      await checkout.deploy();
      expect(await checkout.delivery.promoted()).toEqual(before);
      expect(await checkout.delivery.templates()).toMatchObject({
        version: templates.version + 1,
      });

      const logs = await checkout.delivery.templatesChanged();
      const redeployed = await checkout.delivery.promoted();
      const line = `photos: promoted ${redeployed.value}`;
      expect(logs).toEqual([expect.stringContaining(line)]);
      expect(await describeRevision(redeployed.value)).toEqual({ memory: '4096', image });

      expect(whyStopped(await checkout.push('a fourth quality', [anotherQuality(20)]))).toBe('');
      const pushed = await checkout.delivery.promoted();
      const described = await describeRevision(pushed.value);
      expect(described.memory).toBe('4096');
      expect(described.image).not.toBe(image);

      await planNothing(checkout.project, 'dev-queue-processing', 'dev-delivery');
    }, 240_000);

    changesItsRecipe(() => checkout);

    test('a template that is replaced by an equal one starts no redeploy, and one that ' +
      'is started changes nothing', async () => {
      const { delivery } = checkout;
      const [target, templates] = [await delivery.target(), await delivery.templates()];
      const promoted = await delivery.promoted();
      const stack = 'dev-queue-processing';
      const listed = await terraform(checkout.project, stack, 'state', 'list');
      const definition = /^aws_ecs_task_definition\.\S*photos\S*/m.exec(listed)?.[0];
      const apply = ['apply', '-auto-approve', '-input=false'];
      await terraform(checkout.project, stack, ...apply, `-replace=${definition}`);
      await terraform(checkout.project, 'dev-delivery', ...apply);
      expect((await checkout.delivery.target()).value).not.toBe(target.value);
      expect(await checkout.delivery.templates()).toEqual(templates);

      expect(await checkout.delivery.templatesChanged()).toEqual([
        expect.stringContaining('photos: nothing to do'),
      ]);
      expect(await checkout.delivery.promoted()).toEqual(promoted);
      const unchanged = { result: 'unchanged', revision: promoted.value };
      expect(await delivery.outcome()).toMatchObject(unchanged);
    }, 120_000);
  },
);
