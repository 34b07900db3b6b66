import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFileFault } from './program-file';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-program-'));
});

afterEach(() => rm(folder, { recursive: true }));

/** The head of an ELF file for a machine: https://man7.org/linux/man-pages/man5/elf.5.html */
function elf(machine: number): Buffer {
  const head = Buffer.alloc(64);
  head.write('\x7fELF\x02\x01\x01', 'latin1');
  head.writeUInt16LE(machine, 18);
  return head;
}

async function faultOf(content: string | Buffer, architecture = 'x64') {
  const file = join(folder, 'program');
  await writeFile(file, content);
  const has = async (program: string) => ['/bin/sh', '/usr/bin/env', 'python3'].includes(program);
  return (await programFileFault(file, { architecture, has }))?.replace(folder, '…');
}

test.each([
  [183, 'x64', 'program is a program for arm64, but this is a machine of x64: build it for x64'],
  [62, 'arm64', 'program is a program for x64, but this is a machine of arm64: build it for arm64'],
])('a program of machine %i is not started on %s', async (machine, architecture, fault) => {
  expect(await faultOf(elf(machine), architecture)).toContain(fault);
});

test.each([
  ['#!/usr/bin/python9 -u\n', 'begins with #!/usr/bin/python9 -u, but there is no program /usr'],
  ['#!/usr/bin/env -S A=b ruby -w\nputs 1\n', 'but there is no program ruby: install it'],
  ['#!/bin/sh\r\necho\r\n', 'its first one, #!/bin/sh, does: save it with the line ends of Unix'],
])('a script is not started that begins with %j', async (content, fault) => {
  expect(await faultOf(content)).toContain(fault);
});

test.each([
  ['a program of this machine', elf(62)],
  ['one of a machine that Fargate does not have', elf(3)],
  ['a head that is cut short', '\x7fELF\x02'],
  ['a script of a shell', '#!/bin/sh\necho\n'],
  ['one of a program in PATH', '#! /usr/bin/env python3\n'],
  ['a script that names no program', 'echo\n'],
  ['an empty file', ''],
])('nothing is said of %s', async (_what, content) => {
  expect(await faultOf(content)).toBeUndefined();
});
