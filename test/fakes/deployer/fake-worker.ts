import { planOf } from '../../../application-code/images/outputs';
import { DEFAULT_RECIPE, type Recipe } from '../../../application-code/images/recipe';
import { outputKey } from '../../../application-code/worker/src/job/keys';
import { readMessage } from '../../../application-code/worker/src/job/messages';
import type { CanaryTask } from '../../../deployer/ports';
import { render } from '../pictures/render';
import { type PlayWorker, STOPPED, type World } from './fake-ports';

/** Does what our worker does: reads the events, renders, writes, refuses what is not its own. */
export function playWorker(
  world: World,
  recipe: Recipe = DEFAULT_RECIPE,
  end: CanaryTask = STOPPED,
): PlayWorker {
  return async ({ variables }) => {
    const { SOURCE_PREFIX: sourcePrefix = '', DESTINATION_PREFIX: destinationPrefix = '' } =
      variables;
    for (const body of world.queue.splice(0)) {
      for (const entry of readMessage(body, { sourceBucket: 'sources', sourcePrefix })) {
        if (entry.kind === 'fault') letter(world, body, entry.fault.code, entry.fault.message);
        if (entry.kind !== 'source') continue;
        const source = world.objects.get(`sources/${entry.key}`);
        if (!source) continue;
        const { images } = await render(source, recipe);
        for (const { name, body: picture } of images) {
          const spec = recipe.find((one) => one.name === name) ?? { name };
          const key = outputKey(entry.key, planOf(spec), { sourcePrefix, destinationPrefix });
          world.objects.set(`renditions/${key}`, picture);
        }
      }
    }
    return end;
  };
}

/** What a worker, or the queue itself, gives up. */
export function letter(
  world: World,
  body: string,
  faultCode?: string,
  faultMessage?: string,
): void {
  world.deadLetters.push({
    receiptHandle: `receipt-${world.deadLetters.length}`,
    body,
    ...(faultCode && { faultCode }),
    ...(faultMessage && { faultMessage }),
  });
}
