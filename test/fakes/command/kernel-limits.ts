import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A bound of the kernel's own, or why this machine takes none. */
export type KernelLimit<Limit> = Limit | { readonly missing: string };

/** A file system of its own. */
export interface SmallDisk {
  readonly path: string;
  remove(): void;
}

/** Only root may mount one. */
export function mountSmallDisk(sizeMiB: number, files: number): KernelLimit<SmallDisk> {
  const path = mkdtempSync(join(tmpdir(), 'spillway-disk-'));
  const options = `size=${sizeMiB}m,nr_inodes=${files}`;
  const refused = commandFault('mount', '-t', 'tmpfs', '-o', options, 'tmpfs', path);
  if (refused !== undefined) {
    rmdirSync(path);
    return { missing: `no small disk can be mounted: ${refused}` };
  }
  const remove = () => {
    const fault = commandFault('umount', path);
    if (fault !== undefined) throw new Error(fault);
    rmdirSync(path);
  };
  return { path, remove };
}

/** A control group with little memory. */
export interface MemoryGroup {
  /** A line for a shell, which then is in it, as all that it starts. */
  readonly enter: string;
  /** Reads the group's files where a task reads its own. */
  read(path: string): string;
  remove(): void;
}

/** Where the kernel takes the bound, by the version of its control groups. */
const HIERARCHIES = [
  { root: '/sys/fs/cgroup', bound: 'memory.max' },
  { root: '/sys/fs/cgroup/memory', bound: 'memory.limit_in_bytes' },
];

export function makeMemoryGroup(sizeMiB: number): KernelLimit<MemoryGroup> {
  const faults: string[] = [];
  for (const { root, bound } of HIERARCHIES) {
    const path = join(root, `spillway-${process.pid}`);
    try {
      mkdirSync(path);
      if (existsSync(join(path, bound))) {
        writeFileSync(join(path, bound), String(sizeMiB * 2 ** 20));
        return memoryGroupAt(path);
      }
      faults.push(`${root} bounds no memory`);
      rmdirSync(path);
    } catch (error) {
      faults.push((error as Error).message);
    }
  }
  return { missing: `no control group can be made: ${faults.join('; ')}` };
}

function memoryGroupAt(path: string): MemoryGroup {
  return {
    enter: `echo $$ > ${join(path, 'cgroup.procs')}`,
    read: (file) => readFileSync(join(path, basename(file)), 'latin1'),
    remove: () => rmdirSync(path),
  };
}

function commandFault(command: string, ...args: readonly string[]): string | undefined {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? undefined : (error?.message ?? stderr.split('\n')[0]);
}
