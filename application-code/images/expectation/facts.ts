import sharp from 'sharp';
import type { Size } from '../render/size';

/** What the header of a written picture says. */
export interface PictureFacts {
  /** sharp's name of it, `avif` for the one kind of HEIF that is written. */
  readonly format: string;
  /** Of one frame. */
  readonly size: Size;
  readonly frames: number;
}

/** @throws Error when it is no picture that can be read. */
export async function readFacts(body: Buffer): Promise<PictureFacts> {
  const {
    format,
    compression,
    width,
    height,
    pageHeight,
    pages = 1,
  } = await sharp(body).metadata();
  return {
    format: format === 'heif' && compression === 'av1' ? 'avif' : format,
    size: { width, height: pageHeight ?? height },
    frames: pages,
  };
}
