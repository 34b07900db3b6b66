import { DOMParser, type Element, XMLSerializer } from '@xmldom/xmldom';
import { readTiffDirectories } from '../decode/tiff-directory';

/** What a picture says of its maker, as it is written into a rendition. */
export interface Copyright {
  /** Tags of the first directory, by sharp's names; absent without any. */
  readonly exif?: Readonly<Record<string, string>>;
  /** A packet; absent when there would be nothing in it. */
  readonly xmp?: string;
}

/** TIFF 6.0, section 8. */
const EXIF_TAGS = { Artist: 315, Copyright: 33_432 } as const;
const EXIF_HEADER = 'Exif\0\0';

/**
 * Reads artist and copyright of EXIF, creator and rights of XMP, and no other field, since any of
 * them may name a place or a person.
 */
export function readCopyright(exif: Buffer | undefined, xmp: Buffer | undefined): Copyright {
  const tags = exif ? readTags(exif) : {};
  const packet = xmp && rightsOf(xmp);
  return { ...(Object.keys(tags).length > 0 && { exif: tags }), ...(packet && { xmp: packet }) };
}

function readTags(exif: Buffer): Record<string, string> {
  const hasHeader = exif.toString('latin1', 0, EXIF_HEADER.length) === EXIF_HEADER;
  const block = exif.subarray(hasHeader ? EXIF_HEADER.length : 0);
  const [first] = block.length < 8 ? [] : readTiffDirectories(block);
  const read = Object.entries(EXIF_TAGS).map(([name, tag]) => {
    const [text = ''] = (first?.bytes(tag).toString() ?? '').split('\0');
    return [name, text.trim()] as const;
  });
  return Object.fromEntries(read.filter(([, text]) => text !== ''));
}

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const RIGHTS: Readonly<Record<string, RegExp>> = {
  'http://purl.org/dc/elements/1.1/': /^(creator|rights)$/,
  'http://ns.adobe.com/xap/1.0/rights/': /./,
};

/** @returns undefined when the packet has no rights, or cannot be read. */
function rightsOf(packet: Buffer): string | undefined {
  const document = parse(packet.toString().replace(/\0+$/, '').trim());
  const descriptions = document?.getElementsByTagNameNS(RDF, 'Description') ?? [];
  let has = false;
  for (const description of descriptions) has = keepRights(description) || has;
  return document && has ? new XMLSerializer().serializeToString(document) : undefined;
}

function parse(xml: string) {
  const onError = (_level: string, message: string) => {
    throw new Error(message);
  };
  try {
    return new DOMParser({ onError, locator: false }).parseFromString(xml, 'text/xml');
  } catch {
    // A packet that cannot be read says nothing that could be kept.
    return undefined;
  }
}

/** Takes everything else out of a description. @returns whether anything is left. */
function keepRights(description: Element): boolean {
  let has = false;
  for (const attribute of [...description.attributes]) {
    const { namespaceURI } = attribute;
    if (namespaceURI === RDF || namespaceURI === 'http://www.w3.org/2000/xmlns/') continue;
    if (isRight(attribute)) has = true;
    else description.removeAttributeNode(attribute);
  }
  for (const child of [...description.childNodes]) {
    if (child.nodeType === child.ELEMENT_NODE && isRight(child as Element)) has = true;
    else description.removeChild(child);
  }
  return has;
}

function isRight({ namespaceURI, localName }: Pick<Element, 'namespaceURI' | 'localName'>) {
  return RIGHTS[namespaceURI ?? '']?.test(localName ?? '') ?? false;
}
