import { describeUnsupported } from './known-kinds';

/** First bytes and what they are told to be. */
const STARTS: readonly (readonly [name: string, start: string])[] = [
  ['JPEG XL', '\xff\x0a\xfa'],
  ['JPEG XL', '\0\0\0\x0cJXL \r\n\x87\n'],
  ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
  ['JPEG 2000', '\xff\x4f\xff\x51\0'],
  ['JPEG XR', 'II\xbc\x01'],
  ['Photoshop', '8BPS\0\x01'],
  ['BMP', 'BM\x36\xe1\0\0\0\0\0\0\x36'],
  ['an icon (ICO)', '\0\0\x01\0\x01\0\x10\x10'],
  ['a cursor', '\0\0\x02\0\x01\0'],
  ['Targa', '\0\0\x02\0\0\0\0\0\0\0\0\0\xa0\0'],
  ['Silicon Graphics', '\x01\xda\x01\x01\0\x03'],
  ['an icon (ICNS)', 'icns\0\0'],
  ['OpenEXR', '\x76\x2f\x31\x01\x02'],
  ['Radiance HDR', '#?RADIANCE\n'],
  ['a portable anymap', 'P6\n160 120\n255\n'],
  ['PCX', '\x0a\x05\x01\x08'],
  ['MNG or JNG', '\x8aMNG\r\n\x1a\n'],
  ['DICOM', `${'\0'.repeat(128)}DICM`],
  ['a Windows metafile', `\x01\0\0\0${'\0'.repeat(36)} EMF`],
  ['PostScript', '%!PS-Adobe-3.0'],
  ['PDF', '%PDF-1.7'],
  ['a raw photo (Canon CR3)', '\0\0\0\x18ftypcrx \0\0\0\x01'],
  ['a raw photo (Fujifilm RAF)', 'FUJIFILMCCD-RAW 0201'],
  ['a raw photo (Panasonic RW2)', 'IIU\0\x18'],
  ['a raw photo (Olympus ORF)', 'IIRO\x08'],
  ['a film (MP4 or QuickTime)', '\0\0\0\x18ftypmp42'],
  ['a film (MP4 or QuickTime)', '\0\0\0\x14ftypqt  '],
  ['a film (QuickTime)', '\0\0\0\x08wide'],
  ['an ISO media file', '\0\0\0\x18ftypj2ki'],
  ['a film (Matroska or WebM)', '\x1a\x45\xdf\xa3'],
  ['a film (AVI)', 'RIFF\0\0\0\0AVI LIST'],
  ['a sound', 'RIFF\0\0\0\0WAVEfmt '],
  ['an archive', 'PK\x03\x04\x14'],
  ['compressed (gzip)', '\x1f\x8b\x08'],
  ['a pointer of Git LFS', 'version https://git-lfs.github.com/spec/v1\n'],
  ['SVG', ' <svg xmlns="http://www.w3.org/2000/svg"/>'],
  ['SVG', '\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><svg/>'],
  ['a web page (HTML)', '<!doctype html><html>'],
  ['an error page of S3 (AccessDenied)', '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code>'],
  ['an error page of S3 (NoSuchKey)', '<Error><Message>x</Message><Code>NoSuchKey</Code>'],
  ['XML', '<?xml version="1.0"?><plist/>'],
  ['text', 'Dear diary,'],
  [
    'of no known image format (it starts with 0102030405060708)',
    '\x01\x02\x03\x04\x05\x06\x07\x08\x09',
  ],
];

test.each(STARTS)('%s is named, with what to do', (name, start) => {
  const told = describeUnsupported(start);
  expect(told.startsWith(name)).toBe(true);
  expect(told).toMatch(/; (convert|export|upload|fetch) /);
});

test('no sentence asks for the same upload again', () => {
  for (const [, start] of STARTS) expect(describeUnsupported(start)).not.toMatch(/upload it again/);
});
