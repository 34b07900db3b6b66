/** Above this size a file goes up in parts of it, as the aws command does it: 8 MiB. */
export const LARGE_FILE_BYTES = 8 * 1024 * 1024;
