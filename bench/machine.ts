import { availableParallelism, cpus } from 'node:os';
import sharp from 'sharp';

/** On what a benchmark ran. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly node: string;
  readonly sharp: string;
  readonly libvips: string;
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: `${process.arch}, ${cpus()[0]?.model ?? 'unknown'}`,
    node: process.versions.node,
    sharp: sharp.versions.sharp ?? 'unknown',
    libvips: sharp.versions.vips,
  };
}

/** @throws Error where CPU time cannot be read. */
export function refuseOtherThanLinux(platform: NodeJS.Platform = process.platform): void {
  if (platform === 'linux') return;
  throw new Error(
    `This benchmark reads CPU time from /proc, which Linux has, but this is ${platform}.`,
  );
}

/** `2 cores (x64, …), Node 22, sharp 0.35, libvips 8.18`. */
export function machineLine({ cores, cpu, node, sharp: version, libvips }: Machine): string {
  return `${cores} cores (${cpu}), Node ${node}, sharp ${version}, libvips ${libvips}`;
}
