import { join } from 'node:path';
import type { OpenedImage } from './builder';
import { copySources, openImageBuild } from './image-build';
import { openTaskUnderTest, type TaskUnderTest } from './task-under-test';

/** The image of a workload, and buckets and queues for its tasks. */
export interface WorkloadImage {
  readonly image: OpenedImage;
  readonly tasks: TaskUnderTest;
  close(): Promise<void>;
}

/**
 * Builds the image of a workload by `buildspec.yml`.
 * @param addFolder puts the workload's folder into a checkout without it.
 * @throws Error with the log of a build that fails.
 */
export async function openWorkloadImage(
  workload: string,
  addFolder: (applicationCode: string) => Promise<unknown>,
): Promise<WorkloadImage> {
  const build = await openImageBuild();
  const sources = await copySources();
  const close = async () => {
    await sources.remove();
    await build.close();
  };
  try {
    await addFolder(join(sources.path, 'application-code'));
    const { log } = await build.run(sources.path, 'abc', { WORKLOAD: workload });
    const [, reference] = /^(\S+) is sha256:/m.exec(log) ?? [];
    if (!reference) throw new Error(log);
    const image = await build.builder.open(reference);
    const tasks = await openTaskUnderTest(build.emulator.endpoint);
    return {
      image,
      tasks,
      close: async () => {
        tasks.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
