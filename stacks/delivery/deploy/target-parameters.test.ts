import { parseTarget } from '../../../deployer/target';
import { delivery } from '../../../test/fakes/stacks/delivery-in-stack';
import { resourceAt } from '../../../test/fakes/stacks/queue-processing-in-stack';

const parameter = (stack: ReturnType<typeof delivery>, name: string) =>
  resourceAt(stack, 'aws_ssm_parameter', `pipeline-photos_parameters_${name}`);

describe('the target of a deploy', () => {
  const stack = delivery();

  test('holds everything that the deployer needs, and Terraform owns it', () => {
    const { name, value, lifecycle } = parameter(stack, 'target');
    expect(name).toBe('/spillway/dev/photos/delivery/target');
    expect(lifecycle).toBeUndefined();
    expect(JSON.parse(`${value}`)).toEqual({
      pipeline: 'photos',
      workload: 'images',
      architecture: 'arm64',
      templateRevision: '<pipeline-photos_task_task-definition arn>',
      taskFamily: 'spillway-dev-photos-worker',
      cluster: 'spillway-dev',
      subnetIds: ['subnet-1', 'subnet-2'],
      securityGroupIds: ['<pipeline-photos_task_security-group id>'],
      assignPublicIp: true,
      parameterPath: '/spillway/dev/photos/',
      sourceBucket: '<buckets_photos-source_bucket id>',
      destinationBucket: '<buckets_photos-destination_bucket id>',
      accountId: '123456789012',
      canaryQueueUrl: '<pipeline-photos_canary_queue_work url>',
      canaryDeadLetterQueueUrl: '<pipeline-photos_canary_queue_dead-letters url>',
      workerLogGroup: '/spillway/dev/photos/worker',
      repository: '<images name>',
      repositoryUri: '<images repository_url>',
    });
  });

  test('is accepted by the deployer', () => {
    const { value } = parameter(stack, 'target');
    // Only AWS knows these values.
    const known = `${value}`
      .replace(
        /<[^>]+task-definition arn>/,
        'arn:aws:ecs:us-east-1:123456789012:task-definition/template:1',
      )
      .replace(/<[^>]+security-group id>/, 'sg-1')
      .replace(/<[^>]+ url>/g, 'https://sqs.us-east-1.amazonaws.com/123456789012/queue')
      .replace('<images repository_url>', '123456789012.dkr.ecr.us-east-1.amazonaws.com/worker')
      .replace(/<[^>]+>/g, 'name');
    expect(parseTarget('target', known).pipeline).toBe('photos');
  });

  test('fits a standard parameter with the most subnets', () => {
    const text = JSON.stringify(JSON.parse(`${parameter(stack, 'target').value}`));
    const subnets = 14 * '"subnet-0123456789abcdef0",'.length;
    // The longest names, and the values that are in brackets here.
    // https://docs.aws.amazon.com/general/latest/gr/ssm.html: 4 KB.
    expect(text.length + subnets + 10 * 130).toBeLessThan(4_096);
  });
});

test('Terraform creates the parameter of the outcome, and leaves its value to the deployer', () => {
  expect(parameter(delivery(), 'outcome')).toMatchObject({
    name: '/spillway/dev/photos/delivery/outcome',
    value: 'none',
    lifecycle: { ignore_changes: ['value'] },
  });
});
