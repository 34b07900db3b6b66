import type { PictureKind } from './pictures';

/** One rendition of a case's recipe, as every subject makes it. */
export interface CaseRendition {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly fit: 'inside' | 'cover';
  readonly withoutEnlargement: true;
}

export interface BenchCase {
  readonly name: string;
  readonly title: string;
  /** The pictures, in turn; a kind that stands here twice comes twice as often. */
  readonly pictures: readonly PictureKind[];
  readonly recipe: readonly CaseRendition[];
  /** Source objects of a round; a warm-up before the first has {@link WARM_UP_SHARE} of that. */
  readonly files: number;
  readonly roundTripMilliseconds: number;
}

export const WARM_UP_SHARE = 0.5;

const rendition = (width: number, height = width): CaseRendition => ({
  name: `${width}x${height}`,
  width,
  height,
  fit: 'inside',
  withoutEnlargement: true,
});

const ONE = [rendition(224)];
/** A thumbnail, a card, a page and a screen. */
const FOUR = [rendition(224), rendition(480), rendition(960), rendition(1600)];
const MIXED: readonly PictureKind[] = [
  'photo',
  'small',
  'photo',
  'png',
  'photo',
  'small',
  'large',
  'photo',
];

const NETWORK = { roundTripMilliseconds: 25 };

/**
 * Files: all subjects do all cases five times in ten minutes on two cores; of fewer files the last
 * round trips would be a larger part.
 */
export const CASES: readonly BenchCase[] = [
  {
    name: 'photos',
    title: 'photos, 1 rendition',
    pictures: ['photo'],
    recipe: ONE,
    files: 135,
    ...NETWORK,
  },
  {
    name: 'photos-4',
    title: 'photos, 4 renditions',
    pictures: ['photo'],
    recipe: FOUR,
    files: 28,
    ...NETWORK,
  },
  { name: 'small', title: '12-KB JPEGs', pictures: ['small'], recipe: ONE, files: 216, ...NETWORK },
  {
    name: 'png',
    title: '1-megapixel PNGs',
    pictures: ['png'],
    recipe: ONE,
    files: 45,
    ...NETWORK,
  },
  {
    name: 'large',
    title: '24-megapixel JPEGs',
    pictures: ['large'],
    recipe: ONE,
    files: 22,
    ...NETWORK,
  },
  { name: 'mixed', title: 'a mixed bag', pictures: MIXED, recipe: ONE, files: 32, ...NETWORK },
  {
    name: 'photos-near',
    title: 'photos, 1 rendition, no round trip',
    pictures: ['photo'],
    recipe: ONE,
    files: 88,
    roundTripMilliseconds: 0,
  },
  {
    name: 'photos-4-near',
    title: 'photos, 4 renditions, no round trip',
    pictures: ['photo'],
    recipe: FOUR,
    files: 20,
    roundTripMilliseconds: 0,
  },
];
