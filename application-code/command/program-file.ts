import { open } from 'node:fs/promises';
import { basename } from 'node:path';

/** More is not looked at; Linux itself reads 256 bytes of a script. */
const HEAD_BYTES = 256;
const ELF = '\x7fELF';
/** Of the number of the machine: https://man7.org/linux/man-pages/man5/elf.5.html */
const MACHINE_AT = 18;
/** Of Node's name of an architecture: `EM_X86_64` and `EM_AARCH64`. */
const MACHINES: Readonly<Record<string, number>> = { x64: 62, arm64: 183 };

/** Who runs here. */
export interface Host {
  /** As Node names it. */
  readonly architecture: string;
  /** Whether there is an executable file of this name: a path, or a name in a folder of PATH. */
  readonly has: (program: string) => Promise<boolean>;
}

/** What keeps an executable file from being started on a machine; undefined when nothing does. */
export async function programFileFault(file: string, host: Host): Promise<string | undefined> {
  const head = await headOf(file);
  if (head.toString('latin1').startsWith(ELF)) return machineFault(file, head, host);
  const [line = ''] = head.toString().split('\n');
  return line.startsWith('#!') ? interpreterFault(file, line.slice(2), host) : undefined;
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Others than the two of Fargate are not judged. */
function machineFault(file: string, head: Buffer, { architecture }: Host): string | undefined {
  if (head.length < MACHINE_AT + 2) return undefined;
  const machine = head.readUInt16LE(MACHINE_AT);
  const built = Object.keys(MACHINES).find((name) => MACHINES[name] === machine);
  if (built === undefined || built === architecture || !(architecture in MACHINES))
    return undefined;
  return (
    `${file} is a program for ${built}, but this is a machine of ${architecture}: build it for ` +
    `${architecture}, in the image by a stage of its Dockerfile`
  );
}

async function interpreterFault(file: string, rest: string, host: Host) {
  if (rest.endsWith('\r'))
    return (
      `${file} has lines that end as on Windows, as its first one, #!${rest.trim()}, does: ` +
      'save it with the line ends of Unix'
    );
  const [interpreter = '', ...words] = rest.trim().split(/\s+/);
  const program =
    basename(interpreter) === 'env'
      ? (words.find((word) => !word.startsWith('-') && !word.includes('=')) ?? interpreter)
      : interpreter;
  if (await host.has(program)) return undefined;
  return (
    `${file} begins with #!${rest.trim()}, but there is no program ${program}: ` +
    'install it, or name another'
  );
}
