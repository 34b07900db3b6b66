import type { LeftOutRow } from '../../application-code/worker/src/parts/part-index';
import type { Versions } from './versions';

/** Rows that are yielded together. */
const PIECE_ROWS = 1000;

/** The sources that a filter left out, as JSON lines. */
export async function* leftOutBody(
  leftOut: Uint32Array,
  versions: Versions,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < leftOut.length; at += PIECE_ROWS) {
    const rows = Array.from(leftOut.subarray(at, at + PIECE_ROWS), (one) => versions.read(one));
    yield Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  }
}

/** The objects of a file of JSON lines. */
export async function* jsonLines<Row>(body: AsyncIterable<Uint8Array>): AsyncGenerator<Row> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Row;
  }
}

/** How many sources each output's filters left out. */
export function countByOutput(leftOut: Uint32Array, versions: Versions): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const version of leftOut) {
    const { leftOut: said } = versions.read(version) as LeftOutRow;
    counts[said.output] = (counts[said.output] ?? 0) + 1;
  }
  return counts;
}
