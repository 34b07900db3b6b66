import { PermanentFault } from '../worker/src/faults';
import type { SourceHeader } from './decode/header';

/** sharp's words for the least fault of a source that keeps it from being rendered. */
export const FAIL_ON = ['none', 'truncated', 'error', 'warning'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** `truncated` and worse: half a picture is refused. What decoders only warn of does no harm. */
export const DEFAULT_FAIL_ON: FailOn = 'error';

/** libjpeg's warning of data that are missing before a marker, JWRN_HIT_MARKER. */
const MISSING_DATA = /premature end of data segment/;

/**
 * What is asked of libvips first. That a JPEG of several scans is cut short behind an end marker is
 * only a warning to libjpeg.
 */
export function strictFailOn(header: SourceHeader, failOn: FailOn): FailOn {
  return header.jpeg && header.coefficientBytes > 0 && failOn !== 'none' ? 'warning' : failOn;
}

/** Whether a failure, read with no other decode beside it, was about missing data. */
export function isOfMissingData(error: unknown): boolean {
  const cause = error instanceof PermanentFault ? error.cause : error;
  return cause instanceof Error && MISSING_DATA.test(cause.message);
}
