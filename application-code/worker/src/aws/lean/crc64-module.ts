/**
 * The WebAssembly of CRC-64: eight bytes a step, by a table for each of them
 * (https://create.stephan-brumme.com/crc32/#slicing-by-8-overview). A step waits for the one before
 * it, so that two halves of a block go side by side, in half the time.
 */

declare global {
  // Node's types know those of WebAssembly, but not its values.
  namespace WebAssembly {
    class Module {
      constructor(bytes: Uint8Array);
    }
    class Instance {
      constructor(module: Module);
      readonly exports: Readonly<Record<string, unknown>>;
    }
  }
}

/** Where what is in the memory; each of the tables has 8 × 256 numbers of 64 bits. */
export const TABLES_AT = 0;
/** What half a block of zeros makes of each byte of a sum. */
export const ZEROS_AT = 16_384;
export const DATA_AT = 32_768;
const HALF_BYTES = 4_096;
export const BLOCK_BYTES = 2 * HALF_BYTES;

export interface Crc64Module {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** The sum after the block at {@link DATA_AT}. */
  block(sum: bigint): bigint;
  /** The sum after `count` bytes at {@link DATA_AT}. */
  bytes(sum: bigint, count: number): bigint;
}

/** https://webassembly.github.io/spec/core/appendix/index-instructions.html */
const OP = { block: 0x02, loop: 0x03, end: 0x0b, branch: 0x0c, branchIf: 0x0d } as const;
const INT = {
  less: 0x49,
  greater: 0x4b,
  atLeast: 0x4f,
  add: 0x6a,
  and: 0x71,
  shiftLeft: 0x74,
} as const;
const LONG = { xor: 0x85, shiftRight: 0x88, toInt: 0xa7 } as const;
const [I32, I64, NOTHING] = [0x7f, 0x7e, 0x40];

/** https://webassembly.github.io/spec/core/binary/values.html#integers */
function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

function signed(value: number): number[] {
  return value < 64 ? [value] : [(value & 127) | 128, ...signed(value >>> 7)];
}

const get = (local: number) => [0x20, local];
const set = (local: number) => [0x21, local];
const int = (value: number) => [0x41, ...signed(value)];
const long = (value: number) => [0x42, ...signed(value)];
const loadLong = (offset: number) => [0x29, 3, ...unsigned(offset)];
const loadByte = (offset: number) => [0x31, 0, ...unsigned(offset)];
const list = (items: readonly (readonly number[])[]) => [
  ...unsigned(items.length),
  ...items.flat(),
];
const sized = (bytes: readonly number[]) => [...unsigned(bytes.length), ...bytes];
const increase = (local: number, by: number) => [...get(local), ...int(by), INT.add, ...set(local)];
/** The number of the lowest byte on the stack, in the table at an address. */
const lookUp = (table: number) => [
  LONG.toInt,
  ...int(255),
  INT.and,
  ...int(3),
  INT.shiftLeft,
  ...loadLong(table),
];

/** What the tables have for the eight bytes of a local. */
function lookUpEach(local: number, tables: number): number[] {
  const places = Array.from({ length: 8 }, (_, place) => [
    ...get(local),
    ...long(8 * place),
    LONG.shiftRight,
    ...lookUp(tables + (7 - place) * 2_048),
    ...(place > 0 ? [LONG.xor] : []),
  ]);
  return places.flat();
}

/** Adds the eight bytes at an address to the sum in a local. */
const step = (sum: number, { at, next, data }: { at: number; next: number; data: number }) => [
  ...[...get(sum), ...get(at), ...loadLong(data), LONG.xor, ...set(next)],
  ...[...lookUpEach(next, TABLES_AT), ...set(sum)],
];

/** Parameter 0 is the sum of the first half; then the other's, the next value, and the address. */
function blockCode(): number[] {
  const [first, other, next, at] = [0, 1, 2, 3];
  return [
    ...list([
      [2, I64],
      [1, I32],
    ]),
    ...[OP.loop, NOTHING],
    ...step(first, { at, next, data: DATA_AT }),
    ...step(other, { at, next, data: DATA_AT + HALF_BYTES }),
    ...[...increase(at, 8), ...get(at), ...int(HALF_BYTES), INT.less, OP.branchIf, 0, OP.end],
    ...[...lookUpEach(first, ZEROS_AT), ...get(other), LONG.xor, OP.end],
  ];
}

/** Parameters 0 and 1 are the sum and the number of bytes; then the next value, and the address. */
function bytesCode(): number[] {
  const [sum, count, next, at] = [0, 1, 2, 3];
  const loopUnless = (done: readonly number[], body: readonly number[]) => [
    ...[OP.block, NOTHING, OP.loop, NOTHING, ...done, OP.branchIf, 1],
    ...[...body, OP.branch, 0, OP.end, OP.end],
  ];
  return [
    ...list([
      [1, I64],
      [1, I32],
    ]),
    ...loopUnless(
      [...get(at), ...int(8), INT.add, ...get(count), INT.greater],
      [...step(sum, { at, next, data: DATA_AT }), ...increase(at, 8)],
    ),
    ...loopUnless(
      [...get(at), ...get(count), INT.atLeast],
      [
        ...[...get(sum), ...get(at), ...loadByte(DATA_AT), LONG.xor, ...lookUp(TABLES_AT)],
        ...[...get(sum), ...long(8), LONG.shiftRight, LONG.xor, ...set(sum), ...increase(at, 1)],
      ],
    ),
    ...[...get(sum), OP.end],
  ];
}

const name = (text: string) => sized([...Buffer.from(text)]);
const section = (id: number, items: readonly (readonly number[])[]) => [id, ...sized(list(items))];

/** https://webassembly.github.io/spec/core/binary/modules.html */
export function instantiateCrc64(): Crc64Module {
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [
      [0x60, 1, I64, 1, I64],
      [0x60, 2, I64, I32, 1, I64],
    ]),
    ...section(3, [[0], [1]]),
    // A page of 64 KiB.
    ...section(5, [[0, 1]]),
    ...section(7, [
      [...name('block'), 0, 0],
      [...name('bytes'), 0, 1],
      [...name('memory'), 2, 0],
    ]),
    ...section(10, [sized(blockCode()), sized(bytesCode())]),
  ];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  return exports as unknown as Crc64Module;
}
