import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { create } from 'tar';

/**
 * A plain script: one picture after the other is resized with sharp's defaults, and each thousand
 * goes into a tar.
 */
const { PICTURES, SHARDS, SHARD_SAMPLES, RECIPE } = process.env;
const [{ width, height, fit }] = JSON.parse(RECIPE);

const began = performance.now();
const names = (await readdir(PICTURES)).sort();
for (let first = 0; first < names.length; first += Number(SHARD_SAMPLES)) {
  const shard = String(first / Number(SHARD_SAMPLES)).padStart(6, '0');
  const folder = join(SHARDS, shard);
  await mkdir(folder);
  const entries = [];
  for (const name of names.slice(first, first + Number(SHARD_SAMPLES))) {
    const key = name.slice(0, -'.jpg'.length);
    await sharp(join(PICTURES, name)).resize({ width, height, fit }).toFile(join(folder, name));
    await writeFile(join(folder, `${key}.json`), JSON.stringify({ key: name }));
    entries.push(name, `${key}.json`);
  }
  await create({ file: join(SHARDS, `${shard}.tar`), cwd: folder, portable: true }, entries);
  await rm(folder, { recursive: true });
}

const { user, system } = process.cpuUsage();
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ seconds, cpuMilliseconds: (user + system) / 1000 }));
