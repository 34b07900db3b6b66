import { emptyStack } from '../../test/fakes/stacks/construct-in-stack';
import { onlyOf, synthesised } from '../../test/fakes/stacks/synthesised';
import { ServiceRole } from './service-role';

const BOUNDARY = 'arn:aws:iam::123456789012:policy/boundary';

function roleOf(service: string, permissionsBoundaryArn: string | null = null) {
  const stack = emptyStack({ environments: { dev: { permissionsBoundaryArn } } });
  const role = new ServiceRole(stack, 'role', {
    roleName: 'worker',
    service,
    description: 'A task',
  });
  return { role, resources: () => synthesised(stack).resources };
}

const trustOf = (service: string) =>
  JSON.parse(`${onlyOf(roleOf(service).resources(), 'aws_iam_role').assume_role_policy}`).Statement;

describe('ServiceRole', () => {
  test.each(['ecs-tasks.amazonaws.com', 'scheduler.amazonaws.com'])(
    'is assumed by %s alone, for this account alone',
    (service) => {
      expect(trustOf(service)).toEqual([
        {
          Effect: 'Allow',
          Principal: { Service: service },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
        },
      ]);
    },
  );

  test.each(['lambda', 'codepipeline', 'events'])(
    'requires no source account of %s, which may send none',
    (name) => {
      expect(trustOf(`${name}.amazonaws.com`)[0]).not.toHaveProperty('Condition');
    },
  );

  test('has the boundary of the settings, and no boundary by default', () => {
    const boundary = (arn: string | null) =>
      onlyOf(roleOf('ecs-tasks.amazonaws.com', arn).resources(), 'aws_iam_role')
        .permissions_boundary;
    expect(boundary(BOUNDARY)).toBe(BOUNDARY);
    expect(boundary(null)).toBeUndefined();
  });

  test('allows all grants with their conditions, however late they are added', () => {
    const { role, resources } = roleOf('ecs-tasks.amazonaws.com');
    const conditions = { StringEquals: { 'ecs:CreateAction': 'RunTask' } };
    role.allow({ sid: 'One', actions: ['sqs:SendMessage'], resources: ['arn:1'] });
    role.allow({ sid: 'Two', actions: ['ecs:TagResource'], resources: ['arn:2'], conditions });
    expect(JSON.parse(`${onlyOf(resources(), 'aws_iam_role_policy').policy}`).Statement).toEqual([
      { Sid: 'One', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: ['arn:1'] },
      {
        Sid: 'Two',
        Effect: 'Allow',
        Action: ['ecs:TagResource'],
        Resource: ['arn:2'],
        Condition: conditions,
      },
    ]);
  });
});
