import { TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { emptyStack } from '../../test/fakes/stacks/construct-in-stack';
import { EnvironmentScope } from './environment-scope';
import { ServiceRole } from './service-role';

describe('EnvironmentScope', () => {
  test('is found from any depth, each stack in its own environment', () => {
    const dev = emptyStack();
    const prod = emptyStack({ environments: { prod: {} } });
    const inside = (stack: TerraformStack) => new Construct(new Construct(stack, 'outer'), 'inner');
    expect(EnvironmentScope.of(inside(prod)).prefix).toBe('spillway-prod');
    expect(EnvironmentScope.of(inside(dev))).toBe(EnvironmentScope.of(dev));
  });

  test('fails for a construct outside of an environment, and says where it belongs', () => {
    const role = () =>
      new ServiceRole(new TerraformStack(Testing.app(), 'stack'), 'role', {
        roleName: 'worker',
        service: 'ecs-tasks.amazonaws.com',
        description: 'A task',
      });
    expect(role).toThrow(
      "ServiceRole 'stack/role' stands outside of an environment: " +
        'put it below a CoreInfraStack, QueueProcessingStack or DeliveryStack.',
    );
  });

  test('makes ARNs of the account and region', () => {
    expect(EnvironmentScope.of(emptyStack()).arn('ecs', 'task/one')).toBe(
      'arn:aws:ecs:us-east-1:123456789012:task/one',
    );
  });
});
