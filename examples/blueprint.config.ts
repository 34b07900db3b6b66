import { defineBlueprint } from '../stacks/config/blueprint-config';

/**
 * One environment for each choice that changes much.
 * `BLUEPRINT_CONFIG=examples/blueprint.config.ts npx cdktf list`.
 */
export const blueprint = defineBlueprint({
  environments: {
    // Public subnets and no inbound rule: nothing by the hour.
    default: {},

    // Private subnets in three zones, with one gateway for all.
    nat: {
      region: 'eu-central-1',
      network: { egress: 'nat', availabilityZones: 3, flowLogs: true },
      // As many tasks as finish what is in the queue within a quarter of an hour.
      pipelines: { photos: { scaling: { policy: 'drain-within', minutes: 15, jobSeconds: 0.1 } } },
    },

    // Private subnets without any way to the internet; zones cost by the hour, so there are two.
    // Another system pushes the images; the delivery tries and promotes them. What the tasks do may
    // need a setting, a secret and a model that lies in another bucket.
    endpoints: {
      network: { egress: 'endpoints', availabilityZones: 2 },
      pipelines: {
        photos: {
          environment: { MODEL: 's3://acme-models/faces.onnx' },
          secrets: { LICENCE_KEY: 'arn:aws:ssm:us-east-1:123456789012:parameter/acme/licence' },
          permissions: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::acme-models/*'] }],
        },
      },
      delivery: { source: 'none', keptImages: 100 },
    },

    // What is there already is looked up, never changed.
    existing: {
      network: { vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0123456789abcdef0'] },
      cluster: { existing: 'shared' },
      pipelines: {
        photos: {
          existingSourceBucket: { name: 'company-uploads' },
          sourcePrefix: 'photos/',
          suffixes: ['.jpg', '.jpeg'],
        },
      },
    },

    // Two pipelines side by side in shared buckets.
    two: {
      buckets: {
        shared: true,
        versioning: true,
        expireSourcesAfterDays: 30,
        expireRenditionsAfterDays: 365,
      },
      pipelines: {
        // An upload itself starts its first task.
        photos: { sourcePrefix: 'photos/', destinationPrefix: 'thumbnails/', wake: 'event' },
        scans: {
          sourcePrefix: 'scans/',
          destinationPrefix: 'previews/',
          recipe: [{ name: '1600', width: 1600, format: 'webp', quality: 80 }],
          cpuUnits: 4096,
          memoryMiB: 16_384,
          ephemeralStorageGiB: 40,
          architecture: 'x86_64',
          maxTasks: 4,
          scaling: {
            policy: 'steps',
            steps: [
              { from: 1, tasks: 1 },
              { from: 50, tasks: 2 },
              { from: 200, tasks: 4 },
            ],
          },
          schedule: 'rate(5 minutes)',
          visibilityTimeoutSeconds: 300,
          jobTimeoutSeconds: 300,
        },
      },
      alarms: { emails: ['operations@example.com'] },
      // A push to a repository on GitHub builds an image for each architecture.
      delivery: {
        source: 'connection',
        repository: 'acme/spillway',
        branch: 'release',
        sbom: true,
        emails: ['developers@example.com'],
      },
    },

    // All data under a key of the environment.
    'own-key': {
      encryption: 'own',
      scaler: { tracing: true },
      // Two tasks are there before their jobs are.
      pipelines: { photos: { minTasks: 2 } },
    },

    // Every setting that protects or records something; docs/configuration.md says what it costs.
    hardened: {
      encryption: 'own',
      network: { egress: 'endpoints', flowLogs: true },
      cluster: { containerInsights: 'enhanced' },
      buckets: { versioning: true },
      logRetentionDays: 365,
      // Jobs of minutes, each in a task of its own.
      pipelines: { photos: { launch: 'per-object', maxTasks: 40 } },
      alarms: { emails: ['operations@example.com'] },
      scaler: { reservedConcurrency: 1, tracing: true },
      delivery: { sbom: true, emails: ['developers@example.com'] },
    },
  },
});
