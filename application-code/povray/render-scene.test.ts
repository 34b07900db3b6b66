import { spawnSync } from 'node:child_process';
import {
  access,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import { hasFakechroot, INCLUDE } from './disk';
import type { RenderProgress } from './messages';
import { renderScene } from './render-scene';
import { SceneFault } from './scene-fault';

const lacks = lacking();
const withPovray = lacks ? describe.skip : describe;
const SIZE = 'Width=16\nHeight=12\n';
const BALL = `
  #version 3.7; global_settings { assumed_gamma 1 }
  camera { location <0, 1, -4> look_at 0 } light_source { <5, 5, -5> rgb 1 }
  sphere { 0, 1 pigment { rgb <1, 0.3, 0.2> } }`;

let job: string;
let progress: RenderProgress[];

beforeEach(async () => {
  progress = [];
  job = await mkdtemp(join(tmpdir(), 'spillway-povray-'));
});

afterEach(() => rm(job, { recursive: true, force: true }));

async function render(files: Record<string, string>, signal = new AbortController().signal) {
  const entries = Object.entries(files).map(([name, text]) => [name, Buffer.from(text)]);
  const archive = join(job, 'input.zip');
  await writeFile(archive, zipSync(Object.fromEntries(entries) as Zippable));
  const output = join(job, 'output');
  const onProgress = (one: RenderProgress) => progress.push(one);
  await renderScene({ archive, folder: job, output, threads: 1, signal, onProgress });
  return (await readdir(output)).sort();
}

withPovray(lacks ? `renderScene (skipped: ${lacks})` : 'renderScene', () => {
  test('renders a picture by its settings, and names it after them', async () => {
    const files = { 'lamp/Mój ball.ini': SIZE, 'lamp/a ball.pov': BALL };
    expect(await render(files)).toEqual(['Mój ball.png']);
    const picture = await readFile(join(job, 'output/Mój ball.png'));
    expect([picture.readUInt32BE(16), picture.readUInt32BE(20)]).toEqual([16, 12]);
    expect(progress.at(-1)).toEqual({ fraction: 1, text: 'rendering' });
  });

  test('renders each frame of an animation, in the order of their numbers', async () => {
    const ini = `${SIZE}Input_File_Name=ball.pov\nInitial_Frame=1\nFinal_Frame=3`;
    const names = await render({ 'ball.ini': ini, 'ball.pov': BALL, 'other.pov': 'not this one' });
    expect(names).toEqual(['ball-1.png', 'ball-2.png', 'ball-3.png']);
    expect(progress.at(-1)).toEqual({ fraction: 1, text: 'frame 3 of 3' });
  });

  test('takes files of the archive, and those that POV-Ray comes with', async () => {
    const scene = `#include "colors.inc"
      #include "parts/red.inc" ${BALL} box { 1, 2 pigment { MyRed } }`;
    const files = { 'a.ini': SIZE, 'a.pov': scene, 'parts/red.inc': '#declare MyRed = color Red;' };
    expect(await render(files)).toEqual(['a.png']);
  });

  test('makes a PNG and nothing else, whatever the settings say', async () => {
    const ini = [
      `${SIZE}Output_File_Name=elsewhere.jpg\nOutput_File_Type=J\nOutput_to_File=off`,
      'Display=on\nPause_When_Done=on\nVerbose=off\nAll_Console=off\nContinue_Trace=on',
    ].join('\n');
    const scene = `#fopen F "own.txt" write #write (F, "mine") #fclose F ${BALL}`;
    expect(await render({ 'a.ini': ini, 'a.pov': scene })).toEqual(['a.png']);
  });

  test.each<[what: string, files: Record<string, string>, fault: RegExp]>([
    ['an archive without settings', { 'a.pov': BALL }, /holds no settings/],
    [
      'two settings',
      { 'a.ini': SIZE, 'a.pov': BALL, 'b/b.INI': SIZE },
      /must hold one file that ends in \.ini, but it holds a\.ini, b\/b\.INI/,
    ],
    ['settings without a scene', { 'a.ini': SIZE }, /No input file provided/],
    [
      'two scenes, none of them named',
      { 'a.ini': SIZE, 'a.pov': BALL, 'b.pov': BALL },
      /No input file provided/,
    ],
    [
      'settings that POV-Ray does not know',
      { 'a.ini': `${SIZE}Hight=3`, 'a.pov': BALL },
      /Problem with option setting/,
    ],
    [
      "a scene that cannot be parsed, with POV-Ray's own line",
      { 'a.ini': SIZE, 'a.pov': `${BALL}\n}` },
      /^File 'a\.pov' line 5: Parse Error: .*} found instead/,
    ],
    [
      'a picture that is missing',
      { 'a.ini': SIZE, 'a.pov': `${BALL} plane { y, 0 pigment { image_map { png "wood.png" } } }` },
      /wood\.png/,
    ],
  ])('fails for %s', async (_what, files, fault) => {
    const rendered = render(files);
    await expect(rendered).rejects.toThrow(fault);
    await expect(rendered).rejects.toBeInstanceOf(SceneFault);
  });

  test('settings run no program', async () => {
    const mark = join(job, 'mark');
    const commands = ['Pre_Scene', 'Pre_Frame', 'Post_Frame', 'Post_Scene']
      .map((when) => `${when}_Command=/usr/bin/touch ${mark}`)
      .join('\n');
    await render({ 'a.ini': `${SIZE}${commands}`, 'a.pov': BALL });
    await expect(access(mark)).rejects.toThrow('ENOENT');
  });

  test('stops when its signal is aborted', async () => {
    const rendered = render({ 'a.ini': SIZE, 'a.pov': BALL }, AbortSignal.abort());
    await expect(rendered).rejects.toMatchObject({ name: 'AbortError' });
  });
});

const withFakechroot = lacks || !hasFakechroot() ? describe.skip : describe;

withFakechroot('a scene (skipped without povray and libfakechroot)', () => {
  const UP = '../'.repeat(30);

  let secret: string;

  beforeEach(async () => {
    secret = join(job, 'other/secret.inc');
    await mkdir(join(job, 'other'));
    await writeFile(secret, `${BALL} // a scene that would render`);
  });

  const reads: readonly [what: string, scene: (path: string) => string][] = [
    ['includes', (path) => `#include "${path}" ${BALL}`],
    ['opens', (path) => `#fopen F "${path}" read ${BALL}`],
    ['builds the name of', (path) => `#include concat(chr(47), "${path.slice(1)}") ${BALL}`],
    ['asks for', (path) => `#if (file_exists("${path}")) ${BALL} #else #error "none" #end`],
  ];
  const places: readonly [how: string, pathTo: (absolute: string) => string][] = [
    ['by its absolute name', (absolute) => absolute],
    ['by ..', (absolute) => `${UP}${absolute.slice(1)}`],
    ['by POV-Ray’s own folder', (path) => `/usr/share/povray-3.7/include/${UP}${path.slice(1)}`],
  ];

  test.each(reads)('fails when it %s a file outside of its archive', async (_what, scene) => {
    const rendered = render({ 'a.ini': SIZE, 'a.pov': scene(secret) });
    await expect(rendered).rejects.toBeInstanceOf(SceneFault);
  });

  test.each([
    ['picture', 'test.png', 'pigment { image_map { png "$" } }', 'sphere { 1, 1 $ }'],
    ['font', 'timrom.ttf', 'ttf "$"', 'text { $ "a" 1, 0 }'],
  ])('fails when it takes a %s outside of its archive', async (_what, name, use, object) => {
    const path = join(job, 'other', name);
    await copyFile(join(INCLUDE, name), path);
    const scene = (file: string) => `${BALL} ${object.replace('$', use.replace('$', file))}`;
    expect(await render({ 'a.ini': SIZE, 'a.pov': scene(name) })).toEqual(['a.png']);
    await rm(join(job, 'disk'), { recursive: true });
    const rendered = render({ 'a.ini': SIZE, 'a.pov': scene(path) });
    await expect(rendered).rejects.toBeInstanceOf(SceneFault);
  });

  test.each(places)('fails when it includes a file outside of it %s', async (_how, pathTo) => {
    const rendered = render({ 'a.ini': SIZE, 'a.pov': `#include "${pathTo(secret)}" ${BALL}` });
    await expect(rendered).rejects.toBeInstanceOf(SceneFault);
  });

  test.each(places)('writes no file outside of its own disk %s', async (_how, pathTo) => {
    const target = join(job, 'other/written.txt');
    const scene = `#fopen F "${pathTo(target)}" write #write (F, "x") #fclose F ${BALL}`;
    await expect(render({ 'a.ini': SIZE, 'a.pov': scene })).rejects.toBeInstanceOf(SceneFault);
    await expect(access(target)).rejects.toThrow('ENOENT');
  });

  test.each([
    ['Create_Ini', 'ini'],
    ['Library_Path', ''],
  ])('its settings reach no other folder by %s', async (setting, extension) => {
    const target = join(job, extension === '' ? 'other' : `other/written.${extension}`);
    const scene = `#include "secret.inc" ${BALL}`;
    const rendered = render({ 'a.ini': `${SIZE}${setting}=${target}`, 'a.pov': scene });
    await expect(rendered).rejects.toBeInstanceOf(SceneFault);
    expect(await readdir(join(job, 'other'))).toEqual(['secret.inc']);
  });
});

/** What the machine lacks for these tests. */
function lacking(): string | undefined {
  const isThere = spawnSync('povray', ['--version']).status === 0;
  return isThere ? undefined : 'there is no `povray` command on this machine';
}
