import { describe, expect, test } from '@jest/globals';
import { containerDefinition, STOP_TIMEOUT_SECONDS, TASK_VOLUMES } from './task-definition';

const image = 'spillway-worker:test';

describe('containerDefinition', () => {
  const container = containerDefinition({ image, variables: { PIPELINE: 'photos' } });

  test('closes the container: an ordinary user, a read-only root, no capability', () => {
    expect(container).toMatchObject({
      user: '10001:10001',
      privileged: false,
      readonlyRootFilesystem: true,
      linuxParameters: { initProcessEnabled: true, capabilities: { add: [], drop: ['ALL'] } },
    });
  });

  test('mounts the one volume of the task, and temporary files go there', () => {
    const [mount, ...more] = container.mountPoints;
    expect(more).toEqual([]);
    expect(TASK_VOLUMES).toEqual([{ name: mount?.sourceVolume }]);
    expect(container.environment).toContainEqual({ name: 'TMPDIR', value: mount?.containerPath });
  });

  test('hands on the variables that it is given', () => {
    expect(container.environment).toContainEqual({ name: 'PIPELINE', value: 'photos' });
  });

  test('has as long to stop as Fargate grants', () => {
    expect(container.stopTimeout).toBe(STOP_TIMEOUT_SECONDS);
    expect(STOP_TIMEOUT_SECONDS).toBe(120);
  });

  test('writes its log where it is told, and nowhere otherwise', () => {
    expect(container).not.toHaveProperty('logConfiguration');
    const logs = { group: '/spillway/dev/photos/worker', region: 'eu-west-1' };
    expect(containerDefinition({ image, variables: {}, logs }).logConfiguration).toEqual({
      logDriver: 'awslogs',
      options: {
        'awslogs-group': logs.group,
        'awslogs-region': 'eu-west-1',
        'awslogs-stream-prefix': 'worker',
      },
    });
  });
});
