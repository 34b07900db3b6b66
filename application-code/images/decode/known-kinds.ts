/** What people upload instead of a picture that can be read, told by its first bytes. */

const CONVERT =
  'convert it to JPEG, PNG, WebP, AVIF, TIFF or GIF and upload that, since uploading it ' +
  'again cannot help';
const DEVELOP = "export it as JPEG or TIFF with the camera's or any raw software and upload that";
const REPLACE = 'upload the picture itself';
const FRAME = 'upload a picture of it';

/** Bytes at a place, as Latin-1. */
type Mark = readonly [at: number, bytes: string];
/** The first bytes, or several marks that must all be there. */
type Signature = string | readonly Mark[];

interface Kind {
  readonly name: string;
  readonly advice: string;
  readonly signatures: readonly Signature[];
}

const kindsWith =
  (advice: string) =>
  (name: string, ...signatures: readonly Signature[]): Kind => ({ name, advice, signatures });
const picture = kindsWith(CONVERT);
const film = kindsWith(FRAME);
const raw = (name: string, ...signatures: readonly Signature[]) =>
  kindsWith(DEVELOP)(`a raw photo (${name})`, ...signatures);

const FILM_BRANDS = 'iso,mp4,M4,qt  ,3g,avc1,dash,MSNV,F4V,f4v,mmp4,XAVC'.split(',');

/** The first that fits is told. */
const KINDS: readonly Kind[] = [
  picture('JPEG XL', '\xff\x0a', '\0\0\0\x0cJXL \r\n\x87\n'),
  picture('JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n', '\xff\x4f\xff\x51'),
  picture('JPEG XR', 'II\xbc'),
  picture('Photoshop (PSD or PSB)', '8BPS'),
  picture('BMP', [
    [0, 'BM'],
    [6, '\0\0\0\0'],
  ]),
  picture('Targa (TGA)', '\0\0\x02\0\0\0\0\0', '\0\0\x0a\0\0\0\0\0'),
  picture('an icon (ICO)', [
    [0, '\0\0\x01\0'],
    [5, '\0'],
  ]),
  picture('a cursor (CUR)', [
    [0, '\0\0\x02\0'],
    [5, '\0'],
  ]),
  picture('an icon (ICNS)', 'icns'),
  picture('Silicon Graphics (SGI)', '\x01\xda\0\x01', '\x01\xda\x01\x01'),
  picture('OpenEXR', '\x76\x2f\x31\x01'),
  picture('Radiance HDR', '#?RADIANCE', '#?RGBE'),
  picture(
    'a portable anymap (PBM, PGM, PPM, PAM or PFM)',
    ...'1234567fF'.split('').flatMap((digit) => [`P${digit}\n`, `P${digit} `, `P${digit}\r`]),
  ),
  picture('DirectDraw Surface (DDS)', 'DDS '),
  picture('PCX', '\x0a\x05\x01'),
  picture('GIMP (XCF)', 'gimp xcf'),
  picture('DjVu', 'AT&TFORM'),
  picture('BPG', 'BPG\xfb'),
  picture('FLIF', 'FLIF'),
  picture('QOI', 'qoif'),
  picture('MNG or JNG', '\x8aMNG\r\n', '\x8bJNG\r\n'),
  picture('FITS', 'SIMPLE  ='),
  picture('DICOM', [[128, 'DICM']]),
  picture('a Windows metafile (WMF or EMF)', '\xd7\xcd\xc6\x9a', [
    [0, '\x01\0\0\0'],
    [40, ' EMF'],
  ]),
  picture('PostScript (EPS)', '%!PS', '\xc5\xd0\xd3\xc6'),
  picture('PDF', '%PDF-'),
  raw('Canon CR3', [[4, 'ftypcrx ']]),
  raw('Canon CRW', 'II\x1a\0\0\0HEAPCCDR'),
  raw('Fujifilm RAF', 'FUJIFILMCCD-RAW'),
  raw('Panasonic RW2', 'IIU\0'),
  raw('Olympus ORF', 'IIRO', 'IIRS', 'MMOR'),
  raw('Sigma X3F', 'FOVb'),
  raw('Minolta MRW', '\0MRM'),
  film('a film (MP4 or QuickTime)', ...FILM_BRANDS.map((brand) => [[4, `ftyp${brand}`]] as const)),
  film(
    'a film (QuickTime)',
    ...['moov', 'mdat', 'wide', 'free', 'skip'].map((box) => [[4, box]] as const),
  ),
  picture('an ISO media file that holds neither AV1 nor HEVC pictures', [[4, 'ftyp']]),
  film('a film (Matroska or WebM)', '\x1a\x45\xdf\xa3'),
  film('a film (AVI)', [
    [0, 'RIFF'],
    [8, 'AVI '],
  ]),
  film('a film (Flash)', 'FLV', 'FWS', 'CWS', 'ZWS'),
  film('a film (MPEG)', '\0\0\x01\xb3', '\0\0\x01\xba', [
    [0, 'G'],
    [188, 'G'],
    [376, 'G'],
  ]),
  kindsWith(REPLACE)(
    'a sound',
    [
      [0, 'RIFF'],
      [8, 'WAVE'],
    ],
    'ID3',
    'OggS',
    'fLaC',
  ),
  kindsWith('upload the pictures that are in it')(
    'an archive (ZIP, or a document made of one)',
    'PK\x03\x04',
    'PK\x05\x06',
  ),
  kindsWith('upload it uncompressed')('compressed (gzip)', '\x1f\x8b'),
  kindsWith('fetch the picture with git lfs pull and upload that')(
    'a pointer of Git LFS',
    'version https://git-lfs',
  ),
];

/** Texts; the first that fits. */
const TEXTS: readonly (readonly [RegExp, string])[] = [
  [
    /^(<\?xml|<!--|<!DOCTYPE svg|<svg)[\s\S]*<svg|^<svg/i,
    `SVG, which is refused because it can refer to other files; ${CONVERT}`,
  ],
  [/^<(!DOCTYPE html|html|head|body)/i, `a web page (HTML) and no picture; ${REPLACE}`],
  [/^<\?xml/i, `XML and no picture; ${REPLACE}`],
];
const ERROR_CODE = /^(?:<\?xml[^>]*>\s*)?<Error>[\s\S]*?<Code>(\w{1,64})<\/Code>/;
const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/**
 * What a source is that is no picture of ours, and what to do.
 * @param start its first bytes as Latin-1.
 */
export function describeUnsupported(start: string): string {
  const known = KINDS.find(({ signatures }) =>
    signatures.some((signature) => isSigned(start, signature)),
  );
  if (known) return `${known.name}; ${known.advice}`;
  const text = (start.startsWith(BYTE_ORDER_MARK) ? start.slice(3) : start).trimStart();
  const code = ERROR_CODE.exec(text)?.[1];
  if (code) return `an error page of S3 (${code}) and no picture; ${REPLACE}`;
  const told = TEXTS.find(([pattern]) => pattern.test(text));
  if (told) return told[1];
  if (/^[\t\n\r\x20-\x7e]*$/.test(text.slice(0, 64))) return `text and no picture; ${REPLACE}`;
  const hex = Buffer.from(start.slice(0, 8), 'latin1').toString('hex');
  return `of no known image format (it starts with ${hex}); ${CONVERT}`;
}

function isSigned(start: string, signature: Signature): boolean {
  return typeof signature === 'string'
    ? start.startsWith(signature)
    : signature.every(([at, bytes]) => start.startsWith(bytes, at));
}
