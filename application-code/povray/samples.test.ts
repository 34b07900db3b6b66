import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';

const SCENES = join(__dirname, 'scenes');

describe('samples/', () => {
  test('has an archive of each folder of scenes/', async () => {
    const scenes = await readdir(SCENES);
    const archives = await readdir(join(__dirname, 'samples'));
    expect(archives.sort()).toEqual(scenes.map((name) => `${name}.zip`).sort());
    for (const scene of scenes) {
      const archive = unzipSync(await readFile(join(__dirname, 'samples', `${scene}.zip`)));
      expect(Object.keys(archive).sort()).toEqual((await readdir(join(SCENES, scene))).sort());
      for (const [name, body] of Object.entries(archive)) {
        const file = await readFile(join(SCENES, scene, name), 'utf8');
        expect(Buffer.from(body).toString()).toBe(file);
      }
    }
  });
});
