import type { LocalSettings } from '../../local/provision/settings';

/** What of a pipeline decides how many tasks are launched, and when. */
export type LaunchSettings = Partial<
  Pick<LocalSettings, 'scaling' | 'launch' | 'minTasks' | 'wake'>
>;

/** Every way to launch tasks, by a name that a pipeline can have. */
export const LAUNCH_MODES = {
  'jobs-per-task': {},
  'per-object': { launch: 'per-object' },
  steps: {
    scaling: {
      policy: 'steps',
      steps: [
        { from: 1, tasks: 1 },
        { from: 6, tasks: 2 },
        { from: 12, tasks: 4 },
      ],
    },
  },
  'warm-tasks': { minTasks: 2 },
  // Such jobs are worth a task for eight; what is measured says otherwise soon.
  'drain-within': { scaling: { policy: 'drain-within', minutes: 1, jobSeconds: 30 } },
  'wake-ups': { wake: 'event' },
} as const satisfies Readonly<Record<string, LaunchSettings>>;

export type LaunchMode = keyof typeof LAUNCH_MODES;
