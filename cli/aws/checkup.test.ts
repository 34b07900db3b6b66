import { type Answers, clientOptions, FakeAws } from '../../test/fakes/aws-server';
import { createCheckup } from './checkup';

let aws: FakeAws;
afterEach(() => aws.stop());

async function checkupOf(answers: Answers) {
  aws = await FakeAws.start(answers);
  return createCheckup(clientOptions(aws));
}

/** Two pages, of which the second one has what is looked for. */
const paged =
  (field: string, first: object, second: object): Answers[string] =>
  ({ NextToken }) => ({
    body: NextToken ? { [field]: [second] } : { [field]: [first], NextToken: 'more' },
  });

describe('a connection', () => {
  const connections = {
    ListConnections: paged(
      'Connections',
      { ConnectionName: 'other', ConnectionStatus: 'AVAILABLE' },
      { ConnectionName: 'spillway-dev', ConnectionStatus: 'PENDING' },
    ),
  };

  test.each([
    ['on whichever page its name is', 'spillway-dev', 'PENDING'],
    ['as unknown, when no page has its name', 'spillway-prod', undefined],
  ])('is found %s', async (_where, name, status) => {
    expect(await (await checkupOf(connections)).connectionStatus(name)).toBe(status);
  });

  test('of another account is asked for by its ARN', async () => {
    const arn = 'arn:aws:codestar-connections:eu-central-1:123456789012:connection/1';
    const checkup = await checkupOf({
      GetConnection: ({ ConnectionArn }) => ({
        body: { Connection: { ConnectionStatus: ConnectionArn === arn ? 'ERROR' : 'AVAILABLE' } },
      }),
    });
    expect(await checkup.connectionStatus(arn)).toBe('ERROR');
  });
});

test.each([
  ['with its trigger', [{ providerType: 'CodeStarSourceConnection' }], true],
  ['without one', undefined, false],
])('a delivery that was saved %s', async (_title, triggers, hears) => {
  const checkup = await checkupOf({
    GetPipeline: ({ name }) => ({ body: { pipeline: { name, triggers } } }),
  });
  expect(await checkup.hearsPushes('spillway-dev-delivery')).toBe(hears);
});

describe('a quota', () => {
  test('is asked for by its code', async () => {
    const checkup = await checkupOf({
      GetServiceQuota: ({ ServiceCode, QuotaCode }) => ({
        body: { Quota: { Value: `${ServiceCode} ${QuotaCode}` === 'fargate L-1' ? 6 : 0 } },
      }),
    });
    expect(await checkup.quota({ service: 'fargate', code: 'L-1', name: 'vCPUs' })).toBe(6);
  });

  test.each([
    ['found on whichever page its name is', 'ARM/Small', 0],
    ['unknown, when no page has its name', 'ARM/Large', undefined],
  ])('without a code is %s', async (_where, name, value) => {
    const checkup = await checkupOf({
      ListServiceQuotas: paged(
        'Quotas',
        { QuotaName: 'Linux/Small', Value: 1 },
        { QuotaName: 'ARM/Small', Value: 0 },
      ),
    });
    expect(await checkup.quota({ service: 'codebuild', name })).toBe(value);
  });
});
