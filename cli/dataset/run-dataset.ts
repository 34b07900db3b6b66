import { DatasetError } from '../../dataset/faults';
import type { DatasetRequest } from '../../dataset/request';
import { type ResultLine, runRequest } from '../../dataset/run';
import { printable } from '../../text/printable';
import { pluralize } from '../../text/words';
import { RefusalError } from '../terminal/failures';
import type { Session } from '../terminal/session';
import { type DatasetOptions, type DatasetTarget, withDataset } from './dataset-target';
import { progressInWords } from './progress';
import { resultPage } from './result-page';
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
  session.print(
    options.json
      ? JSON.stringify({ environment, pipeline, ...result }, undefined, 2)
      : resultPage(result, chosen),
  );
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
