import type { OutputPlan } from '../worker/src/workload/recipe';
import { FORMAT_FACTS } from './formats';
import type { Recipe, RenditionSpec } from './recipe';

/**
 * Every rendition has a folder of its own, and keeps the whole path of its source. A format that
 * the recipe names always appends its extension, also where the path already ends in it, so that no
 * two sources share a key. What happens when it cannot be made changes no rendition.
 */
export function outputsOf(recipe: Recipe): readonly OutputPlan[] {
  return recipe.map(planOf);
}

export function planOf({ ifImpossible, ...settings }: RenditionSpec): OutputPlan {
  const extension = settings.format ? `.${FORMAT_FACTS[settings.format].extension}` : '';
  return {
    name: settings.name,
    folder: `${settings.name}/`,
    pathOf: (sourcePath) => `${sourcePath}${extension}`,
    settings,
    isOptional: ifImpossible === 'skip',
  };
}
