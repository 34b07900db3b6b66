import type { Skip } from './judge';

/** Every check that the examples fail on purpose. A skip that covers nothing fails the scan. */
export const SKIPS: readonly Skip[] = [
  {
    check: 'CKV_AWS_18',
    because:
      'Access logs of a bucket need a second bucket and a PUT for each object. ' +
      'CloudTrail data events are there if they must be kept.',
  },
  {
    check: 'CKV_AWS_21',
    exceptIn: ['two', 'hardened'],
    because:
      'Versioning is a setting: sources can be uploaded again and renditions made again, ' +
      'and versions cost storage.',
  },
  {
    check: 'CKV_AWS_21',
    resource: /artefacts/,
    because: 'What the stages of a delivery hand on is written once.',
  },
  {
    check: 'CKV_AWS_26',
    exceptIn: ['own-key', 'hardened'],
    because:
      'CloudWatch may not use the key that AWS manages for SNS, so that only an own key ' +
      'encrypts. Alarms hold names, no data.',
  },
  {
    check: 'CKV_AWS_50',
    exceptIn: ['own-key', 'hardened'],
    because:
      'Tracing is a setting: the scaler writes one structured line a run, and traces are billed.',
  },
  {
    check: 'CKV_AWS_65',
    exceptIn: ['hardened'],
    because:
      'Container Insights is a setting, since it is billed by metric. The scaler counts ' +
      'tasks itself.',
  },
  {
    check: 'CKV_AWS_51',
    resource: /images_cache_/,
    because: 'The tag of a layer cache moves with every build. Tags of images never do.',
  },
  {
    check: 'CKV_AWS_115',
    exceptIn: ['hardened'],
    because:
      'Reserved concurrency is a setting: an account with the initial quota of ten ' +
      'cannot set it. One run starts a minute.',
  },
  {
    check: 'CKV_AWS_116',
    because:
      'A scaler run that failed is worthless a minute later. Its errors raise an alarm instead.',
  },
  {
    check: 'CKV_AWS_117',
    because:
      'The scaler talks to AWS alone. Inside a VPC it would need NAT or endpoints, which ' +
      'cost at rest.',
  },
  {
    check: 'CKV_AWS_136',
    exceptIn: ['own-key', 'hardened'],
    because: 'ECR encrypts by itself. An own key is a setting.',
  },
  {
    check: 'CKV_AWS_144',
    because:
      'A second region is for its owner to decide; renditions can be made again from ' +
      'their sources.',
  },
  {
    check: 'CKV_AWS_145',
    exceptIn: ['own-key', 'hardened'],
    because:
      'SSE-S3 encrypts by default. An own key is a setting: it costs $1 a month and ' +
      'requests to KMS.',
  },
  {
    check: 'CKV_AWS_147',
    exceptIn: ['own-key', 'hardened'],
    because: 'CodeBuild encrypts with the key that AWS manages for S3. An own key is a setting.',
  },
  {
    check: 'CKV_AWS_158',
    resource: /_network_flow-logs_|_flow-logs_/,
    because:
      'The network is made before the key of an environment. Flow logs hold addresses ' +
      'and counts, no data.',
  },
  {
    check: 'CKV_AWS_158',
    exceptIn: ['own-key', 'hardened'],
    because: 'CloudWatch Logs encrypts by itself. An own key is a setting.',
  },
  {
    check: 'CKV_AWS_173',
    exceptIn: ['own-key', 'hardened'],
    because:
      'The variables of the scaler are names and numbers, no secrets. An own key is a setting.',
  },
  {
    check: 'CKV_AWS_219',
    exceptIn: ['own-key', 'hardened'],
    because:
      'The store of artefacts is encrypted with the key that AWS manages. An own key is a setting.',
  },
  {
    check: 'CKV_AWS_272',
    because:
      'The bundle is built and uploaded by the same deploy; there is no place between in ' +
      'which to sign it.',
  },
  {
    check: 'CKV_AWS_297',
    exceptIn: ['own-key', 'hardened'],
    because: 'The schedule holds the time of its run, no data. An own key is a setting.',
  },
  {
    check: 'CKV_AWS_316',
    resource: /build-(arm64|x86_64)_project_/,
    because:
      'The image is built by docker, which runs in the build. The deploy runs without privileges.',
  },
  {
    check: 'CKV_AWS_338',
    exceptIn: ['hardened'],
    because:
      'Retention of logs is a setting of 30 days by default: they are about machines, not people.',
  },
  {
    check: 'CKV_AWS_394',
    because:
      'Zones cannot be named in advance: the region is a setting, and zone ids differ ' +
      'between regions.',
  },
  {
    check: 'CKV2_AWS_11',
    exceptIn: ['nat', 'hardened'],
    because: 'Flow logs are a setting, since they are billed by volume. Nothing is let in.',
  },
  {
    check: 'CKV2_AWS_34',
    resource: /^aws_ssm_parameter\..*_(parameters|templates)_/,
    because:
      'The parameters are numbers, a switch, names and a fingerprint, no secrets; ' +
      'operators read and write them by hand.',
  },
  {
    check: 'CKV2_AWS_62',
    resource: /destination|artefacts/,
    because:
      'Nothing follows a rendition, nor what the stages of a delivery hand on. Source ' +
      'buckets have their notification.',
  },
];
