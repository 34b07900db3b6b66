import { clientOptions, FakeAws } from '../../test/fakes/aws-server';
import { createDeliveries } from './deliveries';

let aws: FakeAws | undefined;
afterEach(() => aws?.stop());

const run = (id: string, revisionId: string) => ({
  pipelineExecutionId: id,
  status: 'InProgress',
  sourceRevisions: [{ actionName: 'Source', revisionId }],
});

test('finds the run of a version, with its actions in the order in which they began', async () => {
  aws = await FakeAws.start({
    ListPipelineExecutions: () => ({
      body: { pipelineExecutionSummaries: [run('2', 'v2'), run('1', 'v1')] },
    }),
    ListActionExecutions: ({ nextToken }) => ({
      body: nextToken
        ? {
            actionExecutionDetails: [
              { stageName: 'Source', actionName: 'Source', status: 'Succeeded' },
            ],
          }
        : {
            nextToken: 'more',
            actionExecutionDetails: [
              {
                stageName: 'Build',
                actionName: 'BuildArm64',
                status: 'Failed',
                output: {
                  executionResult: {
                    externalExecutionUrl: 'https://log',
                    errorDetails: { message: 'exit 1' },
                  },
                },
              },
            ],
          },
    }),
  });
  expect(await createDeliveries(clientOptions(aws)).runOf('p', 'v1')).toEqual({
    status: 'InProgress',
    actions: [
      { name: 'Source Source', status: 'Succeeded' },
      { name: 'Build BuildArm64', status: 'Failed', error: 'exit 1', url: 'https://log' },
    ],
  });
  expect(aws.calls.map(({ input }) => input)).toMatchObject([
    { pipelineName: 'p', maxResults: 20 },
    { pipelineName: 'p', filter: { pipelineExecutionId: '1' } },
    { pipelineName: 'p', filter: { pipelineExecutionId: '1' }, nextToken: 'more' },
  ]);
});

test('finds none where no run has that version yet', async () => {
  aws = await FakeAws.start({
    ListPipelineExecutions: () => ({ body: { pipelineExecutionSummaries: [run('2', 'v2')] } }),
  });
  expect(await createDeliveries(clientOptions(aws)).runOf('p', 'v1')).toBeUndefined();
});
