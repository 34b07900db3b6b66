import { chunk } from './pictures';

/** A text that a preview holds, so that it is found wherever it went. */
export const PREVIEW = 'a picture from before the crop';

/** An EXIF block with an artist, an orientation, and a preview with one of its own. */
export function exifBlock(order: 'II' | 'MM', orientation = 6): Buffer {
  const isLittle = order === 'II';
  const bytes = Buffer.alloc(300);
  const short = (value: number, at: number) =>
    isLittle ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  const long = (value: number, at: number) =>
    isLittle ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
  const entry = (at: number, [tag, type, count, value]: readonly number[]) => {
    short(tag ?? 0, at);
    short(type ?? 0, at + 2);
    long(count ?? 0, at + 4);
    if (type === 3) short(value ?? 0, at + 8);
    else long(value ?? 0, at + 8);
  };
  bytes.write(order);
  short(42, 2);
  long(8, 4);
  short(2, 8);
  entry(10, [0x0112, 3, 1, orientation]);
  entry(22, [0x013b, 2, 6, 100]);
  long(40, 34);
  short(3, 40);
  entry(42, [0x0112, 3, 1, orientation]);
  entry(54, [0x0201, 4, 1, 110]);
  entry(66, [0x0202, 4, 1, PREVIEW.length + 4]);
  bytes.write('A. N.\0', 100);
  bytes.write(`\xff\xd8${PREVIEW}\xff\xd9`, 110, 'latin1');
  return bytes;
}

/** A JPEG with one more segment behind its first marker. */
export function withSegment(jpeg: Buffer, marker: number, payload: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, payload, jpeg.subarray(2)]);
}

/** A PNG with one more chunk behind its header. */
export function withChunk(png: Buffer, type: string, data: Buffer): Buffer {
  return Buffer.concat([png.subarray(0, 33), chunk(type, data), png.subarray(33)]);
}

/** A WebP, made with EXIF, with other EXIF. */
export function withWebpExif(webp: Buffer, exif: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(exif.length);
  const whole = Buffer.concat([webp.subarray(0, webp.lastIndexOf('EXIF') + 4), size, exif]);
  whole.writeUInt32LE(whole.length - 8, 4);
  return whole;
}

/** Photoshop's image resources: each a number and its data. */
export function photoshopResources(resources: readonly (readonly [number, string])[]): Buffer {
  const parts = resources.map(([id, text]) => {
    const data = Buffer.from(text.length % 2 ? `${text}\0` : text);
    const head = Buffer.alloc(12);
    head.write('8BIM');
    head.writeUInt16BE(id, 4);
    head.writeUInt32BE(text.length, 8);
    return Buffer.concat([head, data]);
  });
  return Buffer.concat([Buffer.from('Photoshop 3.0\0'), ...parts]);
}

export function xmpPacket(attributes: string, elements = ''): string {
  const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
  return (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">' +
    `<rdf:RDF xmlns:rdf="${rdf}"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
    'dc:source="Grüße &amp; more" ' +
    `${attributes}>${elements}</rdf:Description></rdf:RDF></x:xmpmeta>` +
    '<?xpacket end="w"?>'
  );
}
