import { DatasetError } from '../../dataset/faults';
import type { Progress } from '../../dataset/ports';
import type { DatasetRequest } from '../../dataset/request';
import { type ResultLine, runRequest, verify } from '../../dataset/run';
import { printable } from '../../text/printable';
import { pluralize } from '../../text/words';
import { RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import { openFolder } from './dataset-folder';
import { type DatasetOptions, type DatasetTarget, withDataset } from './dataset-target';
import { progressInWords } from './progress';
import { resultPage, verifiedPage } from './result-page';
import { runAsTask } from './run-as-task';

/** Sources without a sample that are named; the result says how many there are. */
const NAMED_SOURCES = 100;

/** Does what is asked, as a task or here, and prints the result. */
export async function runDataset(
  session: Session,
  dataset: DatasetTarget,
  { request, options }: { readonly request: DatasetRequest; readonly options: DatasetOptions },
): Promise<void> {
  const { chosen } = dataset.target;
  const result = await (options.local === undefined ? runAsTask : runHere)(
    session,
    dataset,
    request,
  );
  const { environment, pipeline } = chosen;
  print(session, result, {
    facts: { environment, pipeline },
    page: () => resultPage(result, chosen),
    options,
  });
}

/** Verifies a dataset that lies in a folder. */
export async function verifyFolder(
  session: Session,
  folder: string,
  options: DatasetOptions,
): Promise<void> {
  const { store } = await openFolder(folder, options);
  const progress: Progress = (line) => session.showProgress(progressInWords(line) ?? '');
  const result = await verify({ store, progress }, { prefix: '' });
  print(session, result, { facts: { folder }, page: () => verifiedPage(result), options });
}

interface Printing {
  readonly facts: object;
  readonly page: () => string;
  readonly options: DatasetOptions;
}

/** @throws RefusalError when a verification has found a problem. */
function print(session: Session, result: ResultLine, { facts, page, options }: Printing): void {
  session.print(options.json ? JSON.stringify({ ...facts, ...result }, undefined, 2) : page());
  if (result.event === 'dataset-verified' && result.problems.length > 0)
    throw new RefusalError(
      `the dataset has ${pluralize(result.problems.length, 'problem')}. Restore what is damaged ` +
        'from a version of the bucket or a backup; while the parts are there, a shard that is ' +
        'deleted with `dataset.json` is made again by `spillway dataset finish`.',
    );
}

async function runHere(
  session: Session,
  dataset: DatasetTarget,
  request: DatasetRequest,
): Promise<ResultLine> {
  let named = 0;
  try {
    return await withDataset(
      dataset,
      (line) => session.showProgress(progressInWords(line) ?? ''),
      (ports) =>
        runRequest(ports, request, {
          place: dataset.place,
          now: session.now,
          onLacking: ({ key }) => {
            named += 1;
            if (named <= NAMED_SOURCES) session.warn(`no sample: ${printable(key)}`);
          },
        }),
    );
  } catch (error) {
    if (!(error instanceof DatasetError)) throw error;
    throw new RefusalError(error.message, { cause: error });
  }
}
