/** A dataset cannot be made, read or believed; the message says what to do. */
export class DatasetError extends Error {
  override readonly name: string = 'DatasetError';
}

/** There is nothing to make a dataset of. */
export class NoSamplesError extends DatasetError {
  override readonly name = 'NoSamplesError';
}

/** Some sources have samples of an older recipe alone. */
export class RecipeChangedError extends DatasetError {
  override readonly name = 'RecipeChangedError';
}

/** Another finish has committed a generation since this one began. */
export class ConcurrentFinishError extends DatasetError {
  override readonly name = 'ConcurrentFinishError';
}
