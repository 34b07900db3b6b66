/** Code that cannot be built. Its message is for the user, without a stack trace. */
class BuildError extends Error {}

/**
 * What esbuild cannot read is the user's to fix: each line says a file, a place and why.
 * @param failure what esbuild throws; another error has a message alone.
 * @throws BuildError
 */
export function throwBuildError({ errors, message }) {
  const why = errors?.map(sentenceOf).join('; ') || message;
  // Not a file: a package that package-lock.json has, and node_modules has not yet.
  const isPackage = errors?.some(({ text }) => /^Could not resolve "[^./]/.test(text));
  const what = isPackage ? 'Run `npm ci` in the checkout' : 'Fix it';
  throw new BuildError(`The code could not be built: ${why}. ${what}, and run the command again.`);
}

/** A message of esbuild as a sentence, with its place as an editor counts it. */
export const sentenceOf = ({ location, text }) =>
  location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text;

/** Ends a command line with the sentence, and with exit code 1. */
export function tellBuildError(error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
