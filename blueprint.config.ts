import { defineBlueprint } from './stacks/config/blueprint-config';

/** All that you edit. Every setting with its range and default: docs/configuration.md. */
export const blueprint = defineBlueprint({
  environments: {
    // Costs nothing by the hour; `npx cdktf deploy 'dev-*'`.
    dev: {},

    prod: {
      // Keeps overwritten and deleted objects.
      buckets: { versioning: true },
      // Billed by metric.
      cluster: { containerInsights: 'on' },
      logRetentionDays: 90,
      pipelines: {
        photos: {
          maxTasks: 50,
          // Runs on FARGATE before FARGATE_SPOT gets its share.
          onDemandBase: 4,
        },
      },
    },
  },
});
