/**
 * Photoshop's previews, in BGR and in RGB:
 * https://www.adobe.com/devnet-apps/photoshop/fileformatashtml/
 */
const PREVIEW_RESOURCES = [0x0409, 0x040c];

/**
 * Takes the preview out of the EXIF block of a source, in place: it shows the picture before it was
 * turned and cropped. It hangs on the second directory (IFD1) of the block, which is cut off:
 * libexif does not write what it does not reach. libvips does not check the CRC of a PNG's EXIF
 * chunk, also with `failOn: 'warning'`.
 * @param exif the block, as sharp returns it.
 * @returns whether the block has none now.
 */
export function unlinkExifPreview(source: Buffer, exif: Buffer): boolean {
  const block = exif.subarray(exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0);
  const link = secondDirectoryLink(block);
  if (link === undefined || block.readUInt32LE(link) === 0) return true;
  const at = source.indexOf(block);
  if (at < 0) return false;
  source.fill(0, at + link, at + link + 4);
  return true;
}

/** Where the block says where its second directory is. */
function secondDirectoryLink(block: Buffer): number | undefined {
  if (block.length < 14) return undefined;
  const isLittle = block.toString('latin1', 0, 2) === 'II';
  const first = isLittle ? block.readUInt32LE(4) : block.readUInt32BE(4);
  if (first + 2 > block.length) return undefined;
  const entries = isLittle ? block.readUInt16LE(first) : block.readUInt16BE(first);
  const link = first + 2 + 12 * entries;
  return link + 4 <= block.length ? link : undefined;
}

/**
 * Takes the previews out of Photoshop's image resources, in place: the others move up, and zeros
 * follow them.
 * @param resources the block, as sharp returns it.
 */
export function removePhotoshopPreviews(source: Buffer, resources: Buffer): void {
  const at = source.indexOf(resources);
  const start = resources.indexOf('8BIM');
  if (at < 0 || start < 0) return;
  let [from, to] = [at + start, at + start];
  const end = at + resources.length;
  while (source.toString('latin1', from, from + 4) === '8BIM' && from + 12 <= end) {
    const next = Math.min(end, afterResource(source, from));
    if (PREVIEW_RESOURCES.includes(source.readUInt16BE(from + 4))) {
      from = next;
      continue;
    }
    source.copyWithin(to, from, next);
    to += next - from;
    from = next;
  }
  if (to === from) return;
  source.copyWithin(to, from, end);
  source.fill(0, end - (from - to), end);
}

/**
 * A name and the data follow a resource's number, each with its length and filled up to an even
 * one.
 */
function afterResource(source: Buffer, at: number): number {
  const sizeAt = at + 6 + even(1 + (source[at + 6] ?? 0));
  return sizeAt + 4 > source.length
    ? source.length
    : sizeAt + 4 + even(source.readUInt32BE(sizeAt));
}

function even(bytes: number): number {
  return bytes + (bytes % 2);
}
