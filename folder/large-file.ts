/** A larger file is uploaded in parts of this size, as with the aws command: 8 MiB. */
export const LARGE_FILE_BYTES = 8 * 1024 * 1024;
