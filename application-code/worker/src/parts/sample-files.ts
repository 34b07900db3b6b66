import type { OutputPlan } from '../workload/recipe';
import type { Output } from '../workload/workload';

/** Extensions of a dataset's own: what is known of a sample, and the number of its label. */
const OWN_EXTENSIONS = ['json', 'cls'];

/**
 * What follows the sample key in the name of an output: its extension where the recipe has one
 * output, its name and extension where it has several. A workload that does not say the extension
 * has it in the key.
 */
export function fileExtension(
  { name, extension: own }: Pick<Output, 'name' | 'extension'>,
  plans: readonly Pick<OutputPlan, 'name' | 'pathOf'>[],
  sourcePath: string,
): string {
  const path = plans.find((plan) => plan.name === name)?.pathOf(sourcePath) ?? '';
  const [, ending = 'bin'] = /[^/.]\.([A-Za-z0-9]{1,16})$/.exec(path) ?? [];
  const extension = own ?? ending.toLowerCase();
  if (plans.length === 1 && !OWN_EXTENSIONS.includes(extension)) return extension;
  return name.endsWith(`.${extension}`) ? name : `${name}.${extension}`;
}
