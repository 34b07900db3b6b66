import type { Task } from '@aws-sdk/client-ecs';
import { CANARY_STARTED_BY } from '../../../contract/delivery';
import { deleteObjects, readOutcome } from '../../emulator/outcome';
import { eventually } from '../../fakes/eventually';
import { whyNoPush } from '../terraform-tools';
import { anotherQuality, BROKEN, FORGETS_ORIENTATION } from './commits';
import { whyStopped } from './delivery';
import { type DeployedCheckout, openDeployedCheckout } from './deployed-checkout';
import { needsItsPermissions } from './permissions';
import { coarsenesses, keepBusy, numbered, putPhotos } from './photos';

const missing = whyNoPush();
const rehearse = missing ? describe.skip : describe;
/** libjpeg's quality 80, sharp's default, and two others. */
const [DEFAULT, QUALITY_20, QUALITY_50] = [6, 40, 16];

rehearse(
  `a push, from the repository to the fleet${missing ? ` (skipped: ${missing})` : ''}`,
  () => {
    let checkout: DeployedCheckout;

    beforeAll(async () => {
      checkout = await openDeployedCheckout();
    }, 180_000);

    afterAll(async () => {
      await checkout?.close();
    }, 90_000);

    const family = () => checkout.deployment.pipeline.taskFamily;
    const put = (paths: readonly string[]) =>
      putPhotos(checkout.clients.s3, checkout.deployment.pipeline, paths);
    const coarse = (paths: readonly string[]) =>
      coarsenesses(checkout.clients.s3, checkout.deployment.pipeline, paths);
    const push: DeployedCheckout['push'] = (...given) => checkout.push(...given);
    const find = async (task: Task | undefined) =>
      (await checkout.tasks()).find(({ taskArn }) => taskArn === task?.taskArn);
    const fleetTasks = async () =>
      (await checkout.tasks()).filter(({ startedBy }) => startedBy !== CANARY_STARTED_BY);

    test('what is uploaded before the first image waits, and is processed when a first ' +
      'push has brought one', async () => {
      const waiting = numbered('waiting', 3);
      await put(waiting);
      expect(await checkout.fleet.scale()).toMatchObject({ decided: { because: 'no-image-yet' } });
      expect(checkout.fleet.runner.tasks()).toEqual([]);
      expect(await checkout.delivery.templatesChanged()).toEqual([
        expect.stringContaining('no image of the workload images yet'),
      ]);
      const command = await checkout.spillway('outputs', 'source_command');
      const standardOutput = `${checkout.delivery.sourceCommand}\n`;
      expect(command).toMatchObject({ code: 0, standardOutput });
      expect(await checkout.spillway('doctor', '--json')).toMatchObject({
        code: 1,
        output: expect.stringContaining('"code": "no-image-yet"'),
      });

      await checkout.repository.change('the first commit');
      const { told, end } = await checkout.deliver();
      expect(whyStopped(end)).toBe('');
      expect(told).toMatchObject({ code: 0, output: expect.stringContaining(' is uploaded.') });
      expect(told.standardOutput).toMatch(
        /Deploy Deploy: Succeeded\nphotos: promoted \S+-photos-worker:1\n$/,
      );
      expect(end.logs.Deploy).toMatch(/photos: canary passed in \d+ s: \d+ samples, \d+ outputs/);
      expect(end.logs.Deploy).toContain(`photos: promoted ${family()}:1`);
      expect((await checkout.delivery.promoted()).value).toBe(`${family()}:1`);

      await checkout.fleet.quiet();
      expect(await coarse(waiting)).toEqual([DEFAULT, DEFAULT, DEFAULT]);
      expect(await checkout.spillway('doctor', '--json')).toMatchObject({
        code: 0,
        output: expect.stringContaining('"findings": []'),
      });
    }, 150_000);

    test('the next tasks run a new revision, while one that runs finishes on the old', async () => {
      await put(['before.jpg']);
      await checkout.fleet.scale();
      await eventually(async () =>
        (await fleetTasks()).some(({ lastStatus }) => lastStatus === 'RUNNING'),
      );
      const old = (await fleetTasks()).find(({ lastStatus }) => lastStatus === 'RUNNING');
      const busy = keepBusy(put);

      const end = await push('another default quality', [anotherQuality(20)]);
      const during = await busy.stop();
      expect(whyStopped(end)).toBe('');
      expect(await find(old)).toMatchObject({ lastStatus: 'RUNNING' });

      const after = numbered('after', 100);
      const keys = await put(after);
      await checkout.fleet.scale();
      await checkout.fleet.quiet(keys);
      expect(new Set(await coarse(['before.jpg', ...during]))).toEqual(new Set([DEFAULT]));
      expect(new Set(await coarse(after))).toEqual(new Set([DEFAULT, QUALITY_20]));
      expect(await find(old)).toMatchObject({
        taskDefinitionArn: expect.stringMatching(/:1$/),
        stopCode: 'EssentialContainerExited',
        containers: [{ exitCode: 0 }],
      });
      const revisions = (await fleetTasks()).map(revisionOf);
      expect(revisions.slice(revisions.indexOf('2'))).not.toContain('1');
    }, 150_000);

    describe('a commit that breaks the worker reaches no task of the fleet:', () => {
      test.each(BROKEN)(
        '%s is refused by its canary, with a reason that can be read',
        async (title, changes, overrides, reason) => {
          const before = await checkout.delivery.promoted();
          const end = await push(title, changes, overrides);
          expect(end).toMatchObject({ succeeded: false, stoppedAt: 'Deploy Deploy' });
          expect(end.logs.Deploy).toMatch(reason);
          expect(await checkout.delivery.promoted()).toEqual(before);
          const { code, output } = await checkout.spillway('revisions');
          expect([code, output]).toEqual([0, expect.stringMatching(reason)]);
          expect(output).toContain('refused');
        },
        90_000,
      );

      test('one whose self-test fails is not even pushed', async () => {
        const end = await push('no orientation', [FORGETS_ORIENTATION]);
        expect(end).toMatchObject({ succeeded: false, stoppedAt: 'Build BuildArm64' });
        expect(end.logs.BuildArm64).toContain('FAILED  EXIF orientation 6 is applied');
        expect(end.logs).not.toHaveProperty('Deploy');
      }, 90_000);
    });

    test('a rollback brings the old revision back, and another one the new', async () => {
      expect(await checkout.spillway('rollback', '--yes')).toMatchObject({ code: 0 });
      expect((await checkout.delivery.promoted()).value).toBe(`${family()}:1`);
      await checkout.fleet.quiet(await put(['rolled-back.jpg']));
      expect(await coarse(['rolled-back.jpg'])).toEqual([DEFAULT]);

      const gone = await checkout.spillway('rollback', '--to', '3', '--yes');
      expect(gone).toMatchObject({ code: 1, output: expect.stringContaining(`${family()}:3`) });
      expect((await checkout.delivery.promoted()).value).toBe(`${family()}:1`);

      const forward = await checkout.spillway('rollback', '--to', '2', '--yes');
      expect(forward).toMatchObject({ code: 0 });
      expect((await checkout.delivery.promoted()).value).toBe(`${family()}:2`);
    }, 90_000);

    test('a push during a backlog of 500 files loses nothing', async () => {
      const backlog = numbered('backlog', 500);
      await checkout.delivery.setKnob('max-tasks', '1');
      const keys = await put(backlog);
      await checkout.fleet.scale();
      const end = await push('a third quality', [anotherQuality(50)]);
      expect(whyStopped(end)).toBe('');
      await checkout.delivery.setKnob('max-tasks', 'configured');
      await checkout.fleet.quiet(keys);
      const seen = await coarse(backlog);
      expect(seen).toHaveLength(500);
      expect(new Set(seen)).toEqual(new Set([QUALITY_20, QUALITY_50]));
      const outcome = await readOutcome(checkout.clients, checkout.deployment.pipeline);
      expect(outcome.deadLetters).toEqual([]);
      // No task of the fleet was stopped so far, whatever was promoted, refused or rolled back.
      const ends = (await fleetTasks()).map((task) => [
        task.stopCode,
        task.containers?.[0]?.exitCode,
      ]);
      expect(new Set(ends.map(String))).toEqual(new Set(['EssentialContainerExited,0']));
      // Later tests look at every source, of which these would be the most.
      await deleteObjects(checkout.clients, checkout.deployment.pipeline.sourceBucket, keys);
    }, 150_000);

    needsItsPermissions(() => checkout);
  },
);

/** `7` of `…:task-definition/spillway-dev-photos-worker:7`. */
const revisionOf = ({ taskDefinitionArn = '' }: Task) =>
  taskDefinitionArn.slice(taskDefinitionArn.lastIndexOf(':') + 1);
