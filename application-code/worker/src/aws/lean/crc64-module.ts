/**
 * The WebAssembly of CRC-64. Modulo the polynomial a power of x is the sum of eight others, so that
 * 16 bytes may be added to eight later places instead of counting themselves, as in
 * https://arxiv.org/abs/2412.16398. What is left at the end goes eight bytes a step, by a table for
 * each of them (https://create.stephan-brumme.com/crc32/#slicing-by-8-overview).
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

/**
 * A byte counts as much in all of these places after its own, together. Found by search: none is so
 * near that the processor waits for what it has just written.
 */
const FOLDS = [1_048, 1_354, 1_858, 1_861, 2_108, 2_363, 2_588, 2_931] as const;
export const STEP_BYTES = 16;
/** That the folds reach over, in whole steps. */
export const REACH_BYTES = 2_944;

/** Where what is in the memory: first the tables, each of 256 numbers of 64 bits. */
export const TABLES_AT = 0;
const TABLES_BYTES = 8 * 2_048;
/** Zeros are before it, as far as the folds reach. */
export const DATA_AT = TABLES_BYTES + REACH_BYTES;
export const DATA_BYTES = 65_536;
export const REST_AT = DATA_AT + DATA_BYTES;
const PAGES = 2;

export interface Crc64Module {
  readonly memory: { readonly buffer: ArrayBuffer };
  /**
   * Adds to the bytes `at` to `end` of the data what the folds bring from before them. These bytes
   * are not those at {@link DATA_AT} but `away` from there. `end - at` is a number of steps.
   */
  fold(at: number, end: number, away: number): void;
  /** The sum after `count` bytes at {@link REST_AT}. */
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
const VECTOR = { load: [0xfd, 0x00], store: [0xfd, 0x0b], xor: [0xfd, 0x51] } as const;
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
const loadVector = (offset: number) => [...VECTOR.load, 0, ...unsigned(offset)];
const storeVector = (offset: number) => [...VECTOR.store, 0, ...unsigned(offset)];
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

/** Parameters 0 to 2 are those of `fold`; then the address that is written. */
function foldCode(): number[] {
  const [at, end, away, target] = [0, 1, 2, 3];
  const add = (bytes: number) => [...get(at), ...loadVector(DATA_AT - bytes), ...VECTOR.xor];
  return [
    ...list([[1, I32]]),
    ...[OP.loop, NOTHING, ...get(at), ...get(away), INT.add, ...set(target)],
    ...[...get(target), ...get(target), ...loadVector(DATA_AT), ...FOLDS.flatMap(add)],
    ...[...storeVector(DATA_AT), ...increase(at, STEP_BYTES)],
    ...[...get(at), ...get(end), INT.less, OP.branchIf, 0, OP.end, OP.end],
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
      [
        ...[...get(sum), ...get(at), ...loadLong(REST_AT), LONG.xor, ...set(next)],
        ...[...lookUpEach(next, TABLES_AT), ...set(sum), ...increase(at, 8)],
      ],
    ),
    ...loopUnless(
      [...get(at), ...get(count), INT.atLeast],
      [
        ...[...get(sum), ...get(at), ...loadByte(REST_AT), LONG.xor, ...lookUp(TABLES_AT)],
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
      [0x60, 3, I32, I32, I32, 0],
      [0x60, 2, I64, I32, 1, I64],
    ]),
    ...section(3, [[0], [1]]),
    // Pages of 64 KiB.
    ...section(5, [[0, PAGES]]),
    ...section(7, [
      [...name('fold'), 0, 0],
      [...name('bytes'), 0, 1],
      [...name('memory'), 2, 0],
    ]),
    ...section(10, [sized(foldCode()), sized(bytesCode())]),
  ];
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)));
  return exports as unknown as Crc64Module;
}
