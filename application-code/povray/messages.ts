/** POV-Ray breaks lines after this many characters, words as well. */
const WIDTH = 80;

/**
 * Joins what POV-Ray has broken to lines: a broken line continues with a blank, or where a word was
 * broken, without one.
 */
export function unwrap(lines: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let last = '';
  for (const line of lines) {
    const isRest = whole.length > 0 && (line.startsWith(' ') || last.length >= WIDTH);
    if (isRest) whole[whole.length - 1] += line;
    else whole.push(line);
    last = line;
  }
  return whole.map((line) => line.trim()).filter((line) => line !== '');
}

/** By these, POV-Ray says that it has found the scene or its settings wrong. */
const REFUSALS = [
  /^Fatal error in parser: (?!.*memory)/i,
  /^Problem with option setting/,
  /^Stream output files must reside in/,
  /what\(\): +Cannot open file/,
];

/**
 * @param lines what it wrote before it failed.
 * @returns POV-Ray's own line on what is wrong with the scene; undefined when it failed otherwise.
 */
export function refusalIn(lines: readonly string[]): string | undefined {
  const whole = unwrap(lines);
  const at = whole.findIndex((line) => REFUSALS.some((refusal) => refusal.test(line)));
  if (at < 0) return undefined;
  if (whole[at]?.startsWith('Problem')) return whole.slice(at).join('; ');
  const errors = whole.slice(0, at).filter((line) => ERROR.test(line));
  const last = placeOf(errors.at(-1) ?? '');
  // What stands before the error on the same line tells more, such as the name of a file.
  const others = errors.findLastIndex((line) => placeOf(line) !== last);
  return errors.slice(others + 1).join(' ') || whole[at];
}

const ERROR = /^(File '.*' line \d+: )?(Possible )?Parse Error: /;

function placeOf(error: string): string | undefined {
  return ERROR.exec(error)?.[1];
}

/** Where a render is. */
export interface RenderProgress {
  /** 0 to 1. */
  readonly fraction: number;
  readonly text: string;
}

/** @returns a function that takes a line and returns the progress that it tells. */
export function progressReader(): (line: string) => RenderProgress | undefined {
  let frame = 1;
  let frames = 1;
  return (line) => {
    const begun = /^Rendering frame (\d+) of (\d+)/.exec(line);
    if (begun) [frame, frames] = [Number(begun[1]), Number(begun[2])];
    const rendered = /^Rendered \d+ of \d+ pixels \((\d+)%\)/.exec(line);
    if (!rendered && !begun) return undefined;
    const percent = Number(rendered?.[1] ?? 0);
    return {
      fraction: (frame - 1 + percent / 100) / frames,
      text: frames > 1 ? `frame ${frame} of ${frames}` : 'rendering',
    };
  };
}
