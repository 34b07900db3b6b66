import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Photo } from '../e2e/photos';
import { run } from '../emulator/run-command';
import type { Deployment } from './deployment';
import { terraformEnvironment } from './terraform-tools';

/** Types what the output `upload_command` says, beside a folder `photos`, at the emulator. */
export async function uploadPhotos(
  photos: readonly Photo[],
  { pipeline, uploadCommand }: Deployment,
): Promise<void> {
  const { endpoint } = pipeline;
  const folder = await mkdtemp(join(tmpdir(), 'spillway-photos-'));
  try {
    for (const photo of photos) {
      const file = join(folder, 'photos', photo.path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, photo.body);
    }
    await run('sh', ['-c', `${uploadCommand} --only-show-errors --endpoint-url ${endpoint}`], {
      folder,
      environment: terraformEnvironment(endpoint),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
