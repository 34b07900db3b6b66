import {
  queueProcessing,
  resourceAt,
  statementsOf,
} from '../../test/fakes/stacks/queue-processing-in-stack';
import type { PipelineInput } from '../config/blueprint-config';

const SHARDS = { destination: { kind: 'shards' } } as const satisfies PipelineInput;
const ROLE = 'pipeline-photos_dataset-role';

const grants = (settings: object = {}) => {
  const stack = queueProcessing({ ...settings, pipelines: { photos: SHARDS } });
  return statementsOf(resourceAt(stack, 'aws_iam_role_policy', `${ROLE}_policy`)).map(
    ({ Sid, Action, Resource }) => [Sid, Action, Resource],
  );
};

describe('the role of tasks that finish a dataset', () => {
  test('lists both buckets, writes shards, and deletes parts alone', () => {
    const [source, destination] = [
      '<buckets_photos-source_bucket arn>',
      '<buckets_photos-destination_bucket arn>',
    ];
    expect(grants()).toEqual([
      ['ListPhotosSource', ['s3:ListBucket'], [source]],
      ['ListPhotosDestination', ['s3:ListBucket'], [destination]],
      ['ReadPhotosDestination', ['s3:GetObject'], [`${destination}/processed/*`]],
      [
        'WritePhotosDestination',
        ['s3:PutObject', 's3:AbortMultipartUpload'],
        [`${destination}/processed/shards/*`, `${destination}/processed/dataset.json`],
      ],
      ['DeletePhotosDestination', ['s3:DeleteObject'], [`${destination}/processed/parts/*`]],
    ]);
  });

  test('may use an own key for the objects of the destination', () => {
    const keyed = grants({ encryption: 'own' });
    expect(keyed.filter(([sid]) => /^(De|En)crypt/.test(`${sid}`))).toEqual([
      ['DecryptFromPhotosDestination', ['kms:Decrypt'], ['<key arn>']],
      ['EncryptToPhotosDestination', ['kms:GenerateDataKey', 'kms:Decrypt'], ['<key arn>']],
    ]);
  });

  test('is assumed by tasks alone, under the name that the command asks for', () => {
    const role = resourceAt(
      queueProcessing({ pipelines: { photos: SHARDS } }),
      'aws_iam_role',
      ROLE,
    );
    expect(role.name).toBe('spillway-dev-photos-dataset');
    expect(JSON.parse(`${role.assume_role_policy}`).Statement).toEqual([
      expect.objectContaining({ Principal: { Service: 'ecs-tasks.amazonaws.com' } }),
    ]);
  });

  test('exists for a destination of shards alone', () => {
    const roles = Object.keys(queueProcessing().resources.aws_iam_role ?? {});
    expect(roles.filter((role) => role.includes('dataset'))).toEqual([]);
  });
});

test('tasks and scaler of a destination of shards know its parts', () => {
  const stack = queueProcessing({ pipelines: { photos: SHARDS } });
  const text = JSON.stringify(stack.resources.aws_ecs_task_definition);
  for (const variable of ['DESTINATION_KIND', 'SHARD_SAMPLES', 'SHARD_MEBIBYTES', 'SHARD_LABEL'])
    expect(text).toContain(variable);
  const scaler = resourceAt(stack, 'aws_lambda_function', 'pipeline-photos_scaler_function');
  expect(JSON.stringify(scaler.environment)).toContain('"SHARD_SAMPLES":"1000"');
});
