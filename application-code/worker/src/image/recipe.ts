/** One output file wanted of every source object, in sharp's own words. */
export interface RenditionSpec {
  readonly name: string;
}

export type Recipe = readonly RenditionSpec[];
