import sharp from 'sharp';
import { PermanentFault } from '../../worker/src/faults';
import type { RenderSource } from '../render/render';
import { undecodable } from './libvips-faults';
import { dropChannels } from './tiff-channels';
import { pageOptions } from './tiff-page';

/**
 * A source as the renditions are made from it: without channels that sharp would take for
 * transparency, and refused when its real numbers are no light.
 * @throws PermanentFault Undecodable or UnsupportedFormat.
 */
export async function toDecodable(given: RenderSource): Promise<RenderSource> {
  const { source, header, failOn, timeoutSeconds, signal } = given;
  try {
    if (header.space === 'scrgb') await refuseUnlike(given);
    if (!header.channelChoice || !header.tiff) return given;
    const options = { failOn, limitInputPixels: header.pixels, seconds: timeoutSeconds };
    const body = await dropChannels(source, header.channelChoice, header.tiff, options);
    return { ...given, source: body, header: { ...header, tiff: undefined } };
  } catch (cause) {
    signal.throwIfAborted();
    throw cause instanceof PermanentFault ? cause : undecodable(cause, header.format, source);
  }
}

/**
 * Linear light has its white at 1, and what shines is above; a picture that is above it on the
 * whole counts otherwise.
 */
async function refuseUnlike({ source, header, failOn }: RenderSource): Promise<void> {
  const { channels } = await sharp(source, {
    ...pageOptions(header.tiff),
    failOn,
    sequentialRead: true,
  }).stats();
  const mean = Math.max(...channels.map((channel) => channel.mean));
  if (mean <= 1) return;
  throw new PermanentFault(
    'UnsupportedFormat',
    `the content is a TIFF with real numbers of ${mean.toFixed(1)} on average, where white ` +
      'is 1; save it with 8 or 16 bits a channel and upload that, since uploading it again ' +
      'cannot help',
  );
}
