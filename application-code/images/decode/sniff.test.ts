import { quarters } from '../../../test/fakes/pictures/pictures';
import { PermanentFault } from '../../worker/src/faults';
import { FORMATS } from '../formats';
import { sniffFormat } from './sniff';

function ftyp(...brands: readonly string[]): Buffer {
  const [major = '', ...compatible] = brands;
  const box = Buffer.from(`0000ftyp${major}\0\0\0\0${compatible.join('')}`, 'latin1');
  box.writeUInt32BE(box.length, 0);
  return Buffer.concat([box, Buffer.alloc(40)]);
}

function faultOf(source: Buffer): PermanentFault {
  try {
    throw new Error(`taken for ${sniffFormat(source)}`);
  } catch (error) {
    if (error instanceof PermanentFault) {
      return error;
    }
    throw error;
  }
}

describe('the content says the format', () => {
  test.each(FORMATS)('%s is told', async (format) => {
    expect(sniffFormat(await quarters().toFormat(format).toBuffer())).toBe(format);
  });

  test.each([
    ['AVIF that other software also reads as HEIF', ['mif1', 'mif1', 'avif', 'miaf'], 'avif'],
    ['an AVIF sequence', ['avis', 'msf1'], 'avif'],
  ])('%s is AVIF', (_, brands, format) => {
    expect(sniffFormat(ftyp(...brands))).toBe(format);
  });

  test('a BigTIFF is a TIFF', () => {
    expect(sniffFormat(Buffer.from('II+\0\x08\0\0\0', 'latin1'))).toBe('tiff');
  });
});

describe('what is no picture of ours', () => {
  test.each([
    ['nothing', Buffer.alloc(0), 'EmptySource', /0 bytes/],
    ['text', Buffer.from('Dear diary,\nno picture today.'), 'UnsupportedFormat', /is text/],
    [
      'SVG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'UnsupportedFormat',
      /is SVG/,
    ],
    [
      'SVG with a prologue',
      Buffer.from('\ufeff<?xml version="1.0"?>\n<!-- x -->\n<svg/>'),
      'UnsupportedFormat',
      /is SVG/,
    ],
    ['PDF', Buffer.from('%PDF-1.7\n%\xe2\xe3'), 'UnsupportedFormat', /is PDF/],
    ['three bytes', Buffer.from([0xff, 0xd8, 0x00]), 'UnsupportedFormat', /starts with ffd800/],
    [
      'a RIFF of an unknown kind',
      Buffer.from('RIFF\x24\0\0\0ACON', 'latin1'),
      'UnsupportedFormat',
      /starts with/,
    ],
    ['an iPhone picture', ftyp('heic', 'mif1', 'heic'), 'HeicUnsupported', /Most Compatible/],
    ['HEIF of an unknown kind', ftyp('mif1', 'miaf'), 'HeicUnsupported', /convert the picture/],
    ['a HEIC sequence', ftyp('hevc', 'msf1'), 'HeicUnsupported', /convert/],
  ])('fails when the source is %s', (_, source, code, message) => {
    const fault = faultOf(source);
    expect(fault.code).toBe(code);
    expect(fault.message).toMatch(message);
  });
});
