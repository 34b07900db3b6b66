/**
 * The order in which S3 lists: by the bytes of UTF-8, which is not that of JavaScript's strings.
 */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
