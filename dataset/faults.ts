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

/** An object is gone that was there, or must be there. */
export class MissingObjectError extends DatasetError {
  override readonly name = 'MissingObjectError';

  constructor(key: string) {
    super(
      `${key} is gone. If another finish removes parts now, finish again. Otherwise restore it ` +
        'from a version of the bucket or a backup.',
    );
  }
}
