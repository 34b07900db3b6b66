import { planOf } from '../../../application-code/images/outputs';
import { DEFAULT_RECIPE, type Recipe } from '../../../application-code/images/recipe';
import { outputKey } from '../../../application-code/worker/src/job/keys';
import { readMessage } from '../../../application-code/worker/src/job/messages';
import type { CanaryTask } from '../../../deployer/ports';
import { render } from '../pictures/render';
import { type FakeAccount, type FakeTask, STOPPED } from './fake-account';

/** Does what the worker does: reads events, renders, writes, refuses what is not its own. */
export function fakeWorker(
  account: FakeAccount,
  recipe: Recipe = DEFAULT_RECIPE,
  end: CanaryTask = STOPPED,
): FakeTask {
  return async ({ variables }) => {
    const { SOURCE_PREFIX: sourcePrefix = '', DESTINATION_PREFIX: destinationPrefix = '' } =
      variables;
    for (const body of account.queue.splice(0)) {
      for (const entry of readMessage(body, { sourceBucket: 'sources', sourcePrefix })) {
        if (entry.kind === 'fault') letter(account, body, entry.fault.code, entry.fault.message);
        if (entry.kind !== 'source') continue;
        const source = account.objects.get(`sources/${entry.key}`);
        if (!source) continue;
        const { images } = await render(source.body, recipe);
        for (const { name, body, contentType } of images) {
          const spec = recipe.find((one) => one.name === name) ?? { name };
          const key = outputKey(entry.key, planOf(spec), { sourcePrefix, destinationPrefix });
          account.objects.put(`renditions/${key}`, body, { contentType });
        }
      }
    }
    return end;
  };
}

/** What a worker, or the queue itself, gives up. */
export function letter(
  account: FakeAccount,
  body: string,
  faultCode?: string,
  faultMessage?: string,
): void {
  account.deadLetters.push({
    receiptHandle: `receipt-${account.deadLetters.length}`,
    body,
    ...(faultCode && { faultCode }),
    ...(faultMessage && { faultMessage }),
  });
}
