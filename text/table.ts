import stringWidth from 'string-width';
import { printable } from './printable';

/** No column is narrower, so that its cells can still be read. */
const LEAST_COLUMNS = 8;
const GAP = '  ';

/**
 * Columns of printable text, each as wide as its widest cell. Lines are at most `columns` wide
 * where possible: then the widest columns become narrower, and their cells end with `…`.
 */
export function table(
  rows: readonly (readonly string[])[],
  columns = Number.POSITIVE_INFINITY,
): readonly string[] {
  const shown = rows.map((row) => row.map(printable));
  const widest: number[] = [];
  for (const row of shown)
    row.forEach((cell, column) => {
      widest[column] = Math.max(widest[column] ?? 0, stringWidth(cell));
    });
  const widths = narrowed(widest, columns - GAP.length * (widest.length - 1));
  return shown.map((row) =>
    row
      .map((cell, column) => padded(shortened(cell, widths[column] ?? 0), widths[column] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

/** Makes the widest columns narrower until all of them fit. */
function narrowed(widths: readonly number[], room: number): readonly number[] {
  const left = [...widths];
  for (;;) {
    const most = Math.max(...left);
    if (sum(left) <= room || most <= LEAST_COLUMNS) return left;
    left[left.indexOf(most)] = most - 1;
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

const padded = (text: string, width: number) =>
  text + ' '.repeat(Math.max(0, width - stringWidth(text)));

const graphemes = new Intl.Segmenter();

/** Shortens a text to `width` columns of a terminal. An ideograph or an emoji takes two. */
export function shortened(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let start = '';
  for (const { segment } of graphemes.segment(text)) {
    if (stringWidth(start + segment) > width - 1) break;
    start += segment;
  }
  return `${start.trimEnd()}…`;
}
