import { resolveBlueprint } from '../../stacks/config/load-config';
import { choosePipeline } from './choose-pipeline';

const one = resolveBlueprint({ environments: { dev: {} } });
const several = resolveBlueprint({
  name: 'acme',
  environments: {
    dev: { pipelines: { photos: {}, avatars: {} } },
    prod: {
      region: 'eu-west-1',
      pipelines: { photos: {}, avatars: { image: 'example/worker:1' } },
    },
  },
});

describe('choosePipeline', () => {
  test('takes the only environment and its only pipeline', () => {
    expect(choosePipeline(one, {})).toEqual({
      environment: 'dev',
      pipeline: 'photos',
      region: 'us-east-1',
      allowedAccountIds: [],
      taskFamily: 'spillway-dev-photos-worker',
      templateFamily: 'spillway-dev-photos-worker-template',
      queue: 'spillway-dev-photos-work',
      datasetRole: 'spillway-dev-photos-dataset',
      deadLetterQueue: 'spillway-dev-photos-dead-letters',
      wakeQueue: 'spillway-dev-photos-wake.fifo',
      wakeRule: 'spillway-dev-photos-wake',
      scaler: 'spillway-dev-photos-scaler',
      parameterPath: '/spillway/dev/photos/',
      deliveryPath: '/spillway/dev/photos/delivery/',
      repository: 'spillway-dev-worker',
      ownImage: null,
      source: 's3',
      suffixes: [],
    });
  });

  test('takes the ones that are named', () => {
    expect(choosePipeline(several, { environment: 'prod', pipeline: 'avatars' })).toMatchObject({
      region: 'eu-west-1',
      taskFamily: 'acme-prod-avatars-worker',
      repository: 'acme-prod-worker',
      ownImage: 'example/worker:1',
    });
  });

  test.each([
    [
      'several environments',
      {},
      'the configuration has several environments (dev, prod): say --environment NAME.',
    ],
    [
      'several pipelines',
      { environment: 'prod' },
      'the configuration has several pipelines of prod (photos, avatars): say --pipeline NAME.',
    ],
    [
      'an unknown environment',
      { environment: 'prd' },
      '"prd" is no environment; the configuration has: dev, prod. Did you mean prod?',
    ],
    [
      'an unknown pipeline',
      { environment: 'dev', pipeline: 'phtos' },
      '"phtos" is no pipeline of dev; the configuration has: photos, avatars. Did you mean photos?',
    ],
    [
      'nothing like it',
      { environment: 'x' },
      '"x" is no environment; the configuration has: dev, prod.',
    ],
    [
      'the name of no own key',
      { environment: 'dev', pipeline: 'constructor' },
      '"constructor" is no pipeline',
    ],
  ])('fails on %s', (_title, choice, sentence) => {
    expect(() => choosePipeline(several, choice)).toThrow(sentence);
  });
});
