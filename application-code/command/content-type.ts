import { posix } from 'node:path';
import { lookup } from 'mime-types';

/** Registered since the package's list: https://www.iana.org/assignments/media-types */
const NEWER: Readonly<Record<string, string>> = {
  '.parquet': 'application/vnd.apache.parquet',
};

/** Media type of a file by the extension of its name. */
export function contentTypeOf(name: string): string {
  const extension = posix.extname(name).toLowerCase();
  return NEWER[extension] ?? (lookup(extension) || 'application/octet-stream');
}
