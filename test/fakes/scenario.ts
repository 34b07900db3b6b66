import type { Figures, Scenario } from '../../simulator/scenario';
import type { PipelineInput } from '../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../stacks/config/load-config';

/** Nothing varies, starts take no time, AWS limits nothing. */
export const EXACT: Figures = {
  jobSeconds: 1,
  jobSpread: 0,
  slots: 1,
  startSeconds: 0,
  startSpread: 0,
  unbilledSeconds: 0,
  interruptionsPerHour: 0,
  duplicates: 0,
  failingTasks: 0,
  outputsPerObject: 1,
  sampleBytes: 1_024,
  logBytesPerObject: 0,
};

export interface ScenarioChange extends Partial<Omit<Scenario, 'settings' | 'figures'>> {
  readonly settings?: PipelineInput;
  readonly figures?: Partial<Figures>;
}

/** A thousand objects at once, for the default pipeline, whose scaler runs at once. */
export function exampleScenario({ settings, figures, ...change }: ScenarioChange = {}): Scenario {
  const [dev] = resolveBlueprint({
    environments: { dev: { pipelines: { photos: settings ?? {} } } },
  });
  const photos = dev?.pipelines.photos;
  if (!photos) throw new Error('the configuration has no pipeline');
  return {
    name: 'example',
    settings: photos,
    region: 'us-east-1',
    hasPublicAddress: true,
    figures: { ...EXACT, ...figures },
    runEverySeconds: 60,
    firstRunSeconds: 0,
    arrivals: [{ from: 0, to: 0, objects: 1_000 }],
    seed: 1,
    ...change,
  };
}
