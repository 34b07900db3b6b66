import sharp from 'sharp';
import { quarters } from '../../../test/fakes/pictures/pictures';
import { renderOne } from '../../../test/fakes/pictures/render';
import { restrictLoaders } from '../decode/loaders';
import { readCopyright } from './copyright';

beforeAll(restrictLoaders);

const EXIF = {
  IFD0: { Artist: 'Anna Öst', Copyright: '© 2026 Anna Öst', Make: 'Leica', Software: 'secret' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
};
const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
  xmlns:xmpRights="http://ns.adobe.com/xap/1.0/rights/" photoshop:City="Paris"
  xmpRights:Marked="True"><dc:creator><rdf:Seq><rdf:li>Anna Öst</rdf:li></rdf:Seq></dc:creator>
  <dc:subject><rdf:Bag><rdf:li>holiday</rdf:li></rdf:Bag></dc:subject></rdf:Description>
  </rdf:RDF></x:xmpmeta>`;

const signed = () => quarters().withExif(EXIF).withXmp(XMP);

/** What sharp says of a picture. */
async function wordsOf(picture: Buffer) {
  const { exif, xmp } = await sharp(picture).metadata();
  return { exif: exif?.toString() ?? '', xmp: xmp?.toString() ?? '' };
}

describe.each(['jpeg', 'png', 'webp', 'tiff'] as const)('of a %s', (format) => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)(
    'a copyright is kept as %s, and neither place nor camera',
    async (to) => {
      const source = await signed().toFormat(format).toBuffer();
      const { body } = await renderOne(source, { format: to, width: 32, metadata: 'copyright' });
      const { exif, xmp } = await wordsOf(body);
      // libexif writes ASCII, as EXIF asks for, and libvips neither reads nor writes EXIF of TIFF.
      const hasExif = format !== 'tiff' && to !== 'tiff';
      expect(/\(C\) 2026 Anna Ost/.test(exif)).toBe(hasExif);
      expect(`${exif}${xmp}`).not.toMatch(/Leica|secret|Paris|holiday|51\/1/);
      expect((await sharp(body).metadata()).orientation ?? 1).toBe(1);
      if (to !== 'avif') {
        expect(xmp).toContain('<rdf:li>Anna Öst</rdf:li>');
        expect(xmp).toContain('xmpRights:Marked="True"');
      }
    },
  );
});

test('a picture that says nothing of its maker gets nothing', async () => {
  const source = await quarters()
    .withExif({ IFD0: { Make: 'Leica' } })
    .jpeg()
    .toBuffer();
  const { body } = await renderOne(source, { metadata: 'copyright' });
  expect(await wordsOf(body)).toEqual({ exif: '', xmp: '' });
});

test.each([
  ['cut short', Buffer.from('Exif\0\0II*\0\x08'), Buffer.from('<x:xmpmeta')],
  ['something else', Buffer.from('no block at all'), Buffer.from('no packet')],
  ['empty', Buffer.alloc(0), Buffer.alloc(0)],
])('metadata that is %s says nothing', (_what, exif, xmp) => {
  expect(readCopyright(exif, xmp)).toEqual({});
});

describe('`metadata`', () => {
  test('icc keeps a profile and no other word', async () => {
    const source = await signed().withIccProfile('p3').jpeg().toBuffer();
    const { body } = await renderOne(source, { width: 32, metadata: 'icc' });
    const { icc, exif, xmp } = await sharp(body).metadata();
    expect(icc).toEqual((await sharp(source).metadata()).icc);
    expect([exif, xmp]).toEqual([undefined, undefined]);
  });

  test('all is what keepMetadata is, and none is the default', async () => {
    const source = await signed().jpeg().toBuffer();
    const all = await renderOne(source, { metadata: 'all' });
    expect(all.body).toEqual((await renderOne(source, { keepMetadata: true })).body);
    expect((await wordsOf(all.body)).exif).toContain('Leica');
    const none = await renderOne(source, { metadata: 'none' });
    expect(none.body).toEqual((await renderOne(source)).body);
    expect(await wordsOf(none.body)).toEqual({ exif: '', xmp: '' });
  });
});
