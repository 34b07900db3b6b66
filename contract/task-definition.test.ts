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

  describe('the log', () => {
    const logs = {
      group: '/spillway/dev/photos/worker',
      region: 'eu-west-1',
      mode: 'non-blocking',
      bufferMiB: 25,
    } as const;
    const options = {
      'awslogs-group': logs.group,
      'awslogs-region': 'eu-west-1',
      'awslogs-stream-prefix': 'worker',
    };

    test('goes where it is told, and nowhere otherwise', () => {
      expect(container).not.toHaveProperty('logConfiguration');
      expect(containerDefinition({ image, variables: {}, logs }).logConfiguration).toEqual({
        logDriver: 'awslogs',
        options: { ...options, mode: 'non-blocking', 'max-buffer-size': '25m' },
      });
    });

    test('has no buffer when a task waits for it', () => {
      const blocking = containerDefinition({
        image,
        variables: {},
        logs: { ...logs, mode: 'blocking' },
      });
      expect(blocking.logConfiguration?.options).toEqual({ ...options, mode: 'blocking' });
    });
  });
});
