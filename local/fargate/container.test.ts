import { recipeOf } from '../../application-code/workloads';
import { containerVariables, workerOf, workloadOf } from './container';

const IMAGE = recipeOf('images').processVariables ?? {};

const task = (environment: Record<string, string>) => ({
  taskArn: 'arn:aws:ecs:us-east-1:123456789012:task/cluster/1',
  capacityProvider: 'FARGATE' as const,
  revision: 'family:1',
  image: 'spillway-worker:local',
  environment,
  memoryMiB: '2048',
  stopTimeoutSeconds: 30,
});

describe('the container of a task', () => {
  test('runs the workload that its task definition names, and images without a name', () => {
    expect(workerOf(workloadOf(task({ WORKLOAD: 'checksum' })))).toMatch(
      /\/application-code\/checksum\/dist\/main\.js$/,
    );
    expect(workloadOf(task({}))).toBe('images');
  });

  test('has the variables that the image of its workload has', () => {
    expect(containerVariables(task({}), 'http://127.0.0.1:1', '/f')).toMatchObject(IMAGE);
    const unknown = containerVariables(task({ WORKLOAD: 'none' }), 'http://127.0.0.1:1', '/f');
    for (const name of Object.keys(IMAGE)) expect(unknown).not.toHaveProperty(name);
    expect(Object.keys(IMAGE)).not.toEqual([]);
  });

  test("finds programs in the order of the user's PATH", () => {
    expect(containerVariables(task({}), 'http://127.0.0.1:1', '/f').PATH).toBe(process.env.PATH);
  });

  test('lets its task definition win, except for the folder that plays the scratch volume', () => {
    const own = { MEMORY_LIMIT_MIB: '512', TMPDIR: '/scratch' };
    expect(containerVariables(task({}), 'http://127.0.0.1:1', '/f').MEMORY_LIMIT_MIB).toBe('2048');
    expect(containerVariables(task(own), 'http://127.0.0.1:1', '/f')).toMatchObject({
      MEMORY_LIMIT_MIB: '512',
      TMPDIR: '/f',
    });
  });
});
