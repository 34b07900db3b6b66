import { xmpPacket } from '../../../test/fakes/pictures/metadata';
import { EMPTY_XMP, truthfulXmp } from './xmp';

const corrected = (attributes: string, elements?: string) =>
  truthfulXmp(Buffer.from(xmpPacket(attributes, elements)));

const TIFF = 'xmlns:tiff="http://ns.adobe.com/tiff/1.0/"';

describe('an orientation in XMP becomes 1', () => {
  test.each([
    ['as an attribute', `${TIFF} tiff:Orientation="6"`, '', 'tiff:Orientation="1"'],
    [
      'as an element',
      TIFF,
      '<tiff:Orientation> 8 </tiff:Orientation>',
      '<tiff:Orientation>1</tiff:Orientation>',
    ],
    [
      'by another prefix',
      'xmlns:t="http://ns.adobe.com/tiff/1.0/" t:Orientation="3"',
      '',
      't:Orientation="1"',
    ],
  ])('%s', (_, attributes, elements, expected) => {
    expect(corrected(attributes, elements)).toContain(expected);
  });
});

const GONE = [
  ['a gain map', 'http://ns.adobe.com/hdr-gain-map/1.0/', 'Version'],
  ['Apple’s gain map', 'http://ns.apple.com/HDRGainMap/1.0/', 'HDRGainMapVersion'],
  ['an auxiliary picture', 'http://ns.apple.com/pixeldatainfo/1.0/', 'AuxiliaryImageType'],
  ['what lies behind the photo', 'http://ns.google.com/photos/1.0/container/', 'Directory'],
  ['a depth map', 'http://ns.google.com/photos/1.0/depthmap/', 'Data'],
  ['dynamic depth', 'http://ns.google.com/photos/dd/1.0/device/', 'Container'],
  ['a film', 'http://ns.google.com/photos/1.0/camera/', 'MotionPhoto'],
  ['a short film', 'http://ns.google.com/photos/1.0/camera/', 'MicroVideoOffset'],
  ['more XMP', 'http://ns.adobe.com/xmp/note/', 'HasExtendedXMP'],
  ['a preview', 'http://ns.adobe.com/xap/1.0/', 'Thumbnails'],
  ['the source’s width', 'http://ns.adobe.com/exif/1.0/', 'PixelXDimension'],
  ['the source’s height', 'http://ns.adobe.com/tiff/1.0/', 'ImageLength'],
] as const;

describe.each(GONE)('%s is not promised', (_, namespace, word) => {
  test('as an attribute', () => {
    const found = corrected(`xmlns:any="${namespace}" any:${word}="1"`);
    expect(found).not.toContain(word);
    expect(found).toContain('Grüße &amp; more');
  });

  test('as an element with others in it', () => {
    const list = '<rdf:Seq><rdf:li>1</rdf:li></rdf:Seq>';
    const element = `<any:${word} xmlns:any="${namespace}">${list}</any:${word}>`;
    expect(corrected('', element)).not.toContain(word);
  });
});

test('the namespace of a gain map is no longer named', () => {
  expect(
    corrected('xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0"'),
  ).not.toContain('hdrgm');
});

test('other words of a namespace stay', () => {
  const found = corrected(
    'xmlns:c="http://ns.google.com/photos/1.0/camera/" c:MotionPhoto="1" c:BurstID="7"',
  );
  expect(found).toContain('c:BurstID="7"');
});

test.each([
  ['a packet that speaks of nothing of these', xmpPacket('dc:rights="mine"')],
  ['an orientation that is 1', xmpPacket(`${TIFF} tiff:Orientation="1"`)],
])('%s stays as it is', (_, packet) => {
  expect(truthfulXmp(Buffer.from(packet))).toBeUndefined();
});

test.each([
  ['cut', Buffer.from(xmpPacket('').slice(0, 200))],
  ['no UTF-8', Buffer.from([0x3c, 0xff, 0xfe])],
  ['no XML', Buffer.from('tiff:Orientation="6"')],
  ['empty', Buffer.alloc(9)],
])('a packet that is %s is dropped', (_, packet) => {
  expect(truthfulXmp(packet)).toBe(EMPTY_XMP);
});

test('zeros behind a packet do no harm', () => {
  const packet = Buffer.concat([
    Buffer.from(xmpPacket(`${TIFF} tiff:Orientation="6"`)),
    Buffer.alloc(3),
  ]);
  expect(truthfulXmp(packet)).toContain('tiff:Orientation="1"');
});
