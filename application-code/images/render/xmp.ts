import { type Attr, DOMParser, type Element, XMLSerializer } from '@xmldom/xmldom';

/** A packet that says nothing: sharp takes no empty one. */
export const EMPTY_XMP = '<x:xmpmeta xmlns:x="adobe:ns:meta/"/>';

const TIFF = 'http://ns.adobe.com/tiff/1.0/';
const XMLNS = 'http://www.w3.org/2000/xmlns/';

/**
 * Namespaces whose every word speaks of pictures, sounds or depths that lie beside the photo in its
 * file, and are gone from a rendition: gain maps
 * (https://developer.android.com/media/platform/hdr-image-format), the directory of what lies
 * behind the photo, Apple's auxiliary pictures, depth maps.
 */
const GONE_NAMESPACES = [
  'http://ns.adobe.com/hdr-gain-map/1.0/',
  'http://ns.apple.com/HDRGainMap/1.0/',
  'http://ns.apple.com/HDRToneMap/1.0/',
  'http://ns.apple.com/pixeldatainfo/1.0/',
  'http://ns.apple.com/depthData/1.0/',
  'http://ns.apple.com/depthBlurEffect/1.0/',
  'http://ns.google.com/photos/1.0/container/',
  'http://ns.google.com/photos/1.0/container/item/',
  'http://ns.google.com/photos/1.0/audio/',
  'http://ns.google.com/photos/1.0/depthmap/',
  'http://ns.google.com/photos/1.0/image/',
  'http://ns.google.com/photos/dd/1.0/',
];

/** Single words of other namespaces that are true of the source alone. */
const GONE_WORDS: Readonly<Record<string, RegExp>> = {
  'http://ns.google.com/photos/1.0/camera/': /^(MotionPhoto|MicroVideo)/,
  'http://ns.adobe.com/xmp/note/': /^HasExtendedXMP$/,
  'http://ns.adobe.com/xap/1.0/': /^Thumbnails$/,
  'http://ns.adobe.com/exif/1.0/': /^Pixel[XY]Dimension$/,
  [TIFF]: /^Image(Width|Length)$/,
};

/**
 * An XMP packet as it is true of an upright rendition: its orientation is 1, and what it says of
 * the source's size, preview and companions is taken out.
 * @returns undefined when it says nothing of these; {@link EMPTY_XMP} when it cannot be read.
 */
export function truthfulXmp(packet: Buffer): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(packet).replace(/\0+$/, '');
    const onError = (_level: string, message: string) => {
      throw new Error(message);
    };
    const document = new DOMParser({ onError, locator: false }).parseFromString(
      text.trim(),
      'text/xml',
    );
    const root = document.documentElement;
    if (!root) return EMPTY_XMP;
    return correctElement(root) ? new XMLSerializer().serializeToString(document) : undefined;
  } catch {
    return EMPTY_XMP;
  }
}

/** @returns whether anything was changed. */
function correctElement(element: Element): boolean {
  let isChanged = false;
  for (const attribute of [...element.attributes]) {
    if (
      isGone(attribute) ||
      (attribute.namespaceURI === XMLNS && isGoneNamespace(attribute.value))
    ) {
      element.removeAttributeNode(attribute);
      isChanged = true;
    } else if (isWrongOrientation(attribute, attribute.value)) {
      attribute.value = '1';
      isChanged = true;
    }
  }
  for (const child of [...element.childNodes]) {
    if (child.nodeType !== child.ELEMENT_NODE) continue;
    const inner = child as Element;
    if (isGone(inner)) {
      element.removeChild(inner);
      isChanged = true;
    } else if (isWrongOrientation(inner, inner.textContent)) {
      inner.textContent = '1';
      isChanged = true;
    } else {
      isChanged = correctElement(inner) || isChanged;
    }
  }
  return isChanged;
}

type NamespacedNode = Pick<Attr | Element, 'namespaceURI' | 'localName'>;

function isGone({ namespaceURI, localName }: NamespacedNode): boolean {
  const namespace = namespaceURI ?? '';
  return isGoneNamespace(namespace) || (GONE_WORDS[namespace]?.test(localName ?? '') ?? false);
}

function isGoneNamespace(namespace: string): boolean {
  return GONE_NAMESPACES.some((gone) =>
    gone === 'http://ns.google.com/photos/dd/1.0/'
      ? namespace.startsWith(gone)
      : namespace === gone,
  );
}

function isWrongOrientation(
  { namespaceURI, localName }: NamespacedNode,
  value: string | null,
): boolean {
  return namespaceURI === TIFF && localName === 'Orientation' && value?.trim() !== '1';
}
