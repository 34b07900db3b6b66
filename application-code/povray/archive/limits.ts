/** What an archive may hold. Scenes with pictures and meshes stay far below. */
export interface ArchiveLimits {
  /** Files and folders. */
  readonly entries: number;
  /** Of all entries together, unpacked. */
  readonly bytes: number;
  /**
   * Bytes that a byte of an entry may become. Text with many numbers reaches 20, DEFLATE at most
   * 1,032: https://zlib.net/zlib_tech.html
   */
  readonly ratio: number;
  /** Entries up to this many bytes may have any ratio. */
  readonly bytesOfAnyRatio: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = {
  entries: 2_000,
  bytes: 512 * 1024 * 1024,
  ratio: 200,
  bytesOfAnyRatio: 1024 * 1024,
};
