import { environmentPrefix, pipelineNames, pipelinePrefix } from './names';

const id = { blueprint: 'spillway', environment: 'dev', pipeline: 'photos' };

test('every name begins with blueprint, environment and pipeline', () => {
  expect(pipelinePrefix(id)).toBe('spillway-dev-photos');
  expect(pipelineNames(id)).toEqual({
    queue: 'spillway-dev-photos-work',
    deadLetterQueue: 'spillway-dev-photos-dead-letters',
    taskFamily: 'spillway-dev-photos-worker',
    templateFamily: 'spillway-dev-photos-worker-template',
    datasetRole: 'spillway-dev-photos-dataset',
    canaryQueue: 'spillway-dev-photos-canary',
    canaryDeadLetterQueue: 'spillway-dev-photos-canary-dead-letters',
    scaler: 'spillway-dev-photos-scaler',
    wakeQueue: 'spillway-dev-photos-wake.fifo',
    wakeRule: 'spillway-dev-photos-wake',
    parameterPath: '/spillway/dev/photos/',
    deliveryPath: '/spillway/dev/photos/delivery/',
  });
});

test('what an environment has once begins with blueprint and environment', () => {
  expect(environmentPrefix({ blueprint: 'spillway', name: 'dev' })).toBe('spillway-dev');
});

test('two pipelines, and two environments, share no name', () => {
  const ids = [id, { ...id, pipeline: 'scans' }, { ...id, environment: 'prod' }];
  const names = ids.flatMap((one) => Object.values(pipelineNames(one)));
  expect(new Set(names).size).toBe(names.length);
});
