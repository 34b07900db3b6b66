/** Colours a text, or returns it as it is. */
export type Paint = (
  style: 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan',
  text: string,
) => string;

const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  green: [32, 39],
  red: [31, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** For files, pipes, and users who want no colours. */
export const plain: Paint = (_style, text) => text;

/** For terminals. */
export const coloured: Paint = (style, text) =>
  `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m`;

/** Colours on a terminal, unless the user wants none: https://no-color.org */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  environment: Readonly<Record<string, string | undefined>>,
): Paint {
  const wanted = stream.isTTY === true && !environment.NO_COLOR && environment.TERM !== 'dumb';
  return wanted ? coloured : plain;
}

/**
 * Whether lines can be redrawn there: on a terminal that knows its width, which not every
 * pseudo-terminal does.
 */
export function isDrawable<Stream extends { readonly isTTY?: boolean }>(
  stream: Stream,
  { TERM }: Readonly<Record<string, string | undefined>>,
): stream is Stream & NodeJS.WriteStream {
  const { columns = 0 } = stream as { readonly columns?: number };
  return stream.isTTY === true && columns > 0 && TERM !== 'dumb';
}
