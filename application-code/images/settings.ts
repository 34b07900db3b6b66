import { flag, oneOf, setting, wholeNumber } from '../../text/setting';
import type { ValuesOf, Variables } from '../../text/variables';
import { DEFAULT_FAIL_ON, FAIL_ON } from './fail-on';

/** What can be set of this workload beside its recipe. */
export const IMAGE_SETTINGS = {
  failOn: {
    variable: 'FAIL_ON',
    schema: setting(
      oneOf(FAIL_ON),
      DEFAULT_FAIL_ON,
      "Least fault of a source, in sharp's words, that keeps it from being rendered. `none` " +
        'renders half a picture, too; `truncated` and `error` refuse what is cut short; ' +
        '`warning` also refuses what decoders only warn of.',
    ),
  },
  maxSourcePixels: {
    variable: 'MAX_SOURCE_PIXELS',
    schema: setting(
      wholeNumber({ unit: 'pixels', min: 1, max: 10_000_000_000 }),
      100_000_000,
      'Pixels above which a source picture is refused.',
    ),
  },
  perceptualHash: {
    variable: 'PERCEPTUAL_HASH',
    schema: setting(
      flag(),
      false,
      'Whether the index of a dataset has a hash of 64 bits for each picture (`dhash`): those of ' +
        'pictures that look alike differ in few bits.',
    ),
  },
} as const satisfies Variables;

export type ImageSettings = ValuesOf<typeof IMAGE_SETTINGS>;
