import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Spool } from '../ports';

/** Bytes that are collected before they are written. */
const PIECE_BYTES = 1024 * 1024;

/** A spool in a file below TMPDIR, readable by its owner alone, until `close`. */
export class FileSpool implements Spool {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spillway-dataset-'));
  private readonly file = openSync(join(this.folder, 'rows'), 'wx+', 0o600);
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private written = 0;

  append(bytes: Uint8Array): number {
    const place = this.written + this.pendingBytes;
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.pendingBytes >= PIECE_BYTES) this.flush();
    return place;
  }

  read(place: number, bytes: number): Buffer {
    if (place + bytes > this.written) this.flush();
    const buffer = Buffer.allocUnsafe(bytes);
    const got = readSync(this.file, buffer, { position: place, length: bytes });
    if (got === bytes) return buffer;
    throw new Error(`The spool in ${this.folder} was cut off: ${got} bytes instead of ${bytes}.`);
  }

  close(): void {
    closeSync(this.file);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private flush(): void {
    const piece = Buffer.concat(this.pending);
    for (let done = 0; done < piece.length; )
      done += writeSync(this.file, piece, done, piece.length - done, this.written + done);
    this.written += piece.length;
    this.pending = [];
    this.pendingBytes = 0;
  }
}
