import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import sharp from 'sharp';
import type { FaultCode } from '../../application-code/worker/src/faults';
import type { Photo, RenditionExpected } from './photos';

const SAMPLES = join(__dirname, '..', '..', 'samples');
/** Samples that are there to fail. */
const FAULTS: Readonly<Record<string, FaultCode>> = {
  'broken.jpg': 'Undecodable',
  'SOURCES.md': 'UnsupportedFormat',
};

/** The pictures of `samples/`, as `upload_command` sends them, and how each must end. */
export async function samplePhotos(): Promise<Photo[]> {
  const entries = await readdir(SAMPLES, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async (file) => {
      const path = relative(SAMPLES, file).split(sep).join('/');
      const body = await readFile(file);
      const fault = FAULTS[path];
      return { path, body, ends: fault ? { fault } : await whole(body) };
    }),
  );
}

async function whole(body: Buffer): Promise<RenditionExpected> {
  const {
    format,
    width,
    height,
    pageHeight = height,
    pages = 1,
    orientation = 1,
  } = await sharp(body, {
    animated: true,
  }).metadata();
  const upright =
    orientation < 5 ? { width, height: pageHeight } : { width: pageHeight, height: width };
  return { format, ...upright, pages, colours: false };
}
