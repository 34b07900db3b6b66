/** Where a dataset lies below the destination prefix of its pipeline. */

export const PARTS_FOLDER = 'parts/';
export const SHARDS_FOLDER = 'shards/';
/** The file that says what belongs to the dataset. */
export const DATASET_KEY = 'dataset.json';
