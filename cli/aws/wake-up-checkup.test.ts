import { type Answers, clientOptions, FakeAws } from '../../test/fakes/aws-server';
import { createWakeUpCheckup } from './wake-up-checkup';

const [RULE, QUEUE, SCALER] = ['photos-wake', 'photos-wake.fifo', 'photos-scaler'] as const;
const ARN = 'arn:aws:sqs:eu-west-1:123456789012';

let aws: FakeAws;
afterEach(() => aws.stop());

async function checkupOf(answers: Answers) {
  aws = await FakeAws.start(answers);
  return createWakeUpCheckup(clientOptions(aws));
}

describe('a rule', () => {
  test.each([
    ['ENABLED', true],
    ['DISABLED', false],
  ])('that is %s sends to the queues that are its targets', async (State, isEnabled) => {
    const checkup = await checkupOf({
      DescribeRule: () => ({ body: { Name: RULE, State } }),
      ListTargetsByRule: () => ({ body: { Targets: [{ Id: '1', Arn: `${ARN}:${QUEUE}` }] } }),
    });
    expect(await checkup.rule(RULE)).toEqual({ isEnabled, targets: [QUEUE] });
  });
});

describe('a queue', () => {
  const statement = (Effect: string, Service: unknown) => ({
    Effect,
    Principal: { Service },
    Action: 'sqs:SendMessage',
    Condition: {
      ArnEquals: { 'aws:SourceArn': `arn:aws:events:eu-west-1:123456789012:rule/${RULE}` },
    },
  });
  test.each([
    [
      'takes events of the rules that its policy names',
      [statement('Allow', ['events.amazonaws.com'])],
      [RULE],
    ],
    ['takes none of a rule that it denies', [statement('Deny', 'events.amazonaws.com')], []],
    [
      'takes none by what it lets another service send',
      [statement('Allow', 's3.amazonaws.com')],
      [],
    ],
    ['without a policy takes none', undefined, []],
  ])('%s', async (_what, Statement, rules) => {
    const Attributes = Statement ? { Policy: JSON.stringify({ Statement }) } : undefined;
    const checkup = await checkupOf({
      GetQueueUrl: ({ QueueName }) => ({ body: { QueueUrl: `${aws.endpoint}/1/${QueueName}` } }),
      GetQueueAttributes: () => ({ body: { Attributes } }),
    });
    expect(await checkup.rulesOf(QUEUE)).toEqual(rules);
  });
});

/** Lambda speaks REST: what it answers, by the end of the path. */
async function lambdaWith(answers: Readonly<Record<string, object>>) {
  const checkup = await checkupOf({});
  aws.answer = (response, { url }) => {
    const [, found = {}] = Object.entries(answers).find(([part]) => url.includes(part)) ?? [];
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(found));
  };
  return checkup;
}

describe('a mapping', () => {
  const names = { queueName: QUEUE, functionName: SCALER };
  const mapping = (queue: string, State: string) => ({ EventSourceArn: `${ARN}:${queue}`, State });
  test.each([
    ['has the word of Lambda for its state', [mapping(QUEUE, 'Disabled')], 'Disabled'],
    ['of another queue is not its own', [mapping('scans-wake.fifo', 'Enabled')], 'Missing'],
  ])('%s', async (_what, EventSourceMappings, state) => {
    const checkup = await lambdaWith({ 'event-source-mappings': { EventSourceMappings } });
    expect(await checkup.mapping(names)).toBe(state);
    expect(aws.received[0]?.url).toContain(`FunctionName=${SCALER}`);
  });
});

describe('a function', () => {
  test.each([
    ['runs as often at a time as it reserves', { ReservedConcurrentExecutions: 0 }, 0],
    ['shares what the account has where it reserves nothing', {}, Number.POSITIVE_INFINITY],
  ])('%s', async (_what, answer, most) => {
    const checkup = await lambdaWith({ concurrency: answer });
    expect(await checkup.mostRuns(SCALER)).toBe(most);
  });
});
