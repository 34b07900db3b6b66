import { Parser } from 'tar/parse';
import { END_OF_ARCHIVE } from '../../application-code/worker/src/parts/tar';
import type { IndexEntry } from '../../dataset/parquet/index-columns';
import type { DatasetStore } from '../../dataset/ports';
import { pictureType } from '../view/file-frame';

/** A picture of a sample that the page holds itself: a browser shows none out of a tar. */
export interface SheetPicture {
  /** Key of the source. */
  readonly key: string;
  /** Content type. */
  readonly type: string;
  readonly base64: string;
}

/** Some samples of one class. */
export interface SheetClass {
  /** Undefined: of the samples without a label. */
  readonly label?: string;
  readonly samples: number;
  readonly pictures: readonly SheetPicture[];
}

export type ContactSheet = readonly SheetClass[];

const PICTURES_OF_CLASS = 12;
/** So that the page opens at once, however many classes there are. */
const MOST_PICTURES = 600;
const MOST_PICTURE_BYTES = 256 * 1024;

/** Takes the first pictures of each class from the shards. */
export class ContactSheetBuilder {
  private readonly classes = new Map<string | undefined, SheetPicture[]>();
  private readonly samples = new Map<string | undefined, number>();
  private readonly mostOfClass: number;
  private pictures = 0;

  /** @param byClass samples of each class. */
  constructor(
    private readonly store: DatasetStore,
    byClass: Readonly<Record<string, number>>,
  ) {
    const classes = Math.max(1, Object.keys(byClass).length);
    const fair = Math.max(1, Math.floor(MOST_PICTURES / classes));
    this.mostOfClass = Math.min(PICTURES_OF_CLASS, fair);
  }

  async add(entry: IndexEntry): Promise<void> {
    const { label } = entry.row;
    const ofClass = this.classes.get(label) ?? [];
    this.classes.set(label, ofClass);
    this.samples.set(label, (this.samples.get(label) ?? 0) + 1);
    if (ofClass.length >= this.mostOfClass || this.pictures >= MOST_PICTURES) return;
    const picture = await this.pictureOf(entry);
    if (!picture) return;
    this.pictures += 1;
    ofClass.push(picture);
  }

  sheet(): ContactSheet {
    return [...this.classes]
      .map(([label, pictures]) => ({
        ...(label !== undefined && { label }),
        samples: this.samples.get(label) ?? 0,
        pictures,
      }))
      .sort((a, b) => ((a.label ?? '') < (b.label ?? '') ? -1 : 1));
  }

  /** The first file of a sample that is a picture, unless it is too large for the page. */
  private async pictureOf({ row, shard }: IndexEntry): Promise<SheetPicture | undefined> {
    const at = row.files.findIndex(
      ({ extension, bytes }) => pictureType(`.${extension}`) && bytes <= MOST_PICTURE_BYTES,
    );
    const file = row.files[at];
    if (!file) return undefined;
    const records = await this.store.range(shard, row.offset, row.length);
    const content = contentsOf(records)[at];
    const type = pictureType(`.${file.extension}`) ?? '';
    return content && { key: row.key, type, base64: content.toString('base64') };
  }
}

/** The contents of the files of some tar records. */
function contentsOf(records: Uint8Array): readonly Buffer[] {
  const contents: Buffer[] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const pieces: Buffer[] = [];
      entry.on('data', (piece) => pieces.push(piece));
      entry.on('end', () => contents.push(Buffer.concat(pieces)));
    },
  });
  parser.end(Buffer.concat([records, END_OF_ARCHIVE]));
  return contents;
}
