import type { Format } from '../formats';
import type { RenditionSpec } from '../recipe';

const NAMED: Readonly<Record<string, string>> = {
  white: '#ffffff',
  black: '#000000',
  transparent: '#00000000',
};

/** Formats in which nothing can be transparent: JPEG, and JPEG in TIFF. */
export function isOpaqueFormat({ compression }: RenditionSpec, format: Format): boolean {
  return format === 'jpeg' || (format === 'tiff' && compression === 'jpeg');
}

/**
 * The recipe's background, made opaque where the format needs that; undefined where sharp's own
 * default holds.
 */
export function backgroundOf(spec: RenditionSpec, format: Format): string | undefined {
  return isOpaqueFormat(spec, format) ? opaqueBackground(spec.background) : spec.background;
}

/** Whether `contain` surrounds a picture with what can be seen through. */
export function hasClearBorder({ fit, background = 'black' }: RenditionSpec): boolean {
  return fit === 'contain' && channelsOf(background)[3] !== 255;
}

/**
 * What a picture stands on where its format has no transparency: white, or the recipe's colour as
 * it looks on white.
 * @param background a colour that the rules of recipes allow.
 * @returns three channels, as in `#336699`.
 */
export function opaqueBackground(background = 'transparent'): string {
  const [red, green, blue, alpha] = channelsOf(background);
  const onWhite = [red, green, blue].map(
    (value) => 255 + Math.round(((value - 255) * alpha) / 255),
  );
  return `#${Buffer.from(onWhite).toString('hex')}`;
}

function channelsOf(background: string): readonly [number, number, number, number] {
  const colour = NAMED[background.toLowerCase()] ?? background;
  const digits = colour.length < 6 ? colour.slice(1).replace(/./g, '$&$&') : colour.slice(1);
  const [red = 0, green = 0, blue = 0, alpha = 255] = Buffer.from(digits, 'hex');
  return [red, green, blue, alpha];
}
