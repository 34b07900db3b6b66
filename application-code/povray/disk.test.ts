import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layDisk } from './disk';
import { argumentsOf } from './povray';

const MISSING = '/usr/lib/none/libfakechroot.so';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spillway-disk-'));
});

afterEach(() => rm(root, { recursive: true }));

describe('layDisk', () => {
  test('fails without libfakechroot where the image requires it', async () => {
    await expect(layDisk(root, { library: MISSING, isRequired: true })).rejects.toThrow(
      `There is no ${MISSING}: install libfakechroot in the image.`,
    );
  });

  test('forbids other programs on a machine without libfakechroot, too', async () => {
    const disk = await layDisk(root, { library: MISSING, isRequired: false });
    expect(disk.environment).toEqual({ HOME: root });
    const restrictions = await readFile(join(root, '.povray/3.7/povray.conf'), 'utf8');
    expect(restrictions).toBe('[Shellout Security]\nforbidden\n');
  });

  test('makes its folder the root of all file names where the library is there', async () => {
    const disk = await layDisk(root, { library: __filename, isRequired: true });
    expect(disk.environment).toEqual({
      HOME: '/',
      LD_PRELOAD: __filename,
      FAKECHROOT_BASE: root,
    });
  });
});

test('POV-Ray takes as many threads as it is told, and writes into its folder', async () => {
  const disk = await layDisk(root, { library: MISSING, isRequired: false });
  const words = argumentsOf(disk, join(disk.scene, 'lamp'), 3);
  expect(words).toContain('+WT3');
  expect(words).toContain('+O../../output/picture.png');
});
