import { fakePipeline, HEALTHY } from '../../test/fakes/cli/fake-pipeline';
import { NOW, tryCommand } from '../../test/fakes/cli/fake-session';
import { scalerVariables } from '../../test/fakes/environments';
import type { WakeUpCheckup } from '../ports/wake-up-checkup';

const QUEUE = 'spillway-dev-photos-wake.fifo';
const RULE = 'spillway-dev-photos-wake';

/** What a doctor says of a pipeline in which nothing is wrong but these parts. */
async function doctor(parts: Partial<WakeUpCheckup>, wake: 'event' | 'schedule' = 'event') {
  const { account, pipeline } = fakePipeline();
  pipeline.variables = { ...scalerVariables(), SUBNETS: 'subnet-1' };
  pipeline.lastRun = async () => ({ timestamp: new Date(NOW).toISOString() });
  const checkup = { ...HEALTHY, wakeUps: { ...HEALTHY.wakeUps, ...parts } };
  const { text } = await tryCommand('doctor --json', {
    account: { ...account, checkup },
    blueprint: { environments: { dev: { pipelines: { photos: { wake } } } } },
  });
  return JSON.parse(text) as {
    findings: readonly { code: string; sentence: string; cure: string }[];
    unseen: readonly { what: string; why: string }[];
  };
}

describe('where uploads wake a pipeline, doctor', () => {
  test('finds nothing when each part is as it was deployed', async () => {
    expect(await doctor({})).toMatchObject({ findings: [], unseen: [] });
  });

  test.each<[code: string, parts: Partial<WakeUpCheckup>, sentence: string, cure: string]>([
    [
      'wake-rule-disabled',
      { rule: async () => ({ isEnabled: false, targets: [QUEUE] }) },
      `The rule ${RULE} is disabled`,
      `aws events enable-rule --name ${RULE}`,
    ],
    [
      'wake-rule-without-target',
      { rule: async () => ({ isEnabled: true, targets: ['another'] }) },
      `does not send to ${QUEUE}`,
      'npx cdktf deploy',
    ],
    [
      'wake-queue-closed',
      { rulesOf: async () => ['spillway-dev-scans-wake'] },
      `The policy of the queue ${QUEUE}`,
      'npx cdktf deploy',
    ],
    [
      'wake-mapping-off',
      { mapping: async () => 'Disabled' },
      'event source mapping is Disabled',
      'aws lambda update-event-source-mapping',
    ],
    [
      'wake-mapping-off',
      { mapping: async () => 'Missing' },
      'event source mapping is Missing',
      'npx cdktf deploy',
    ],
  ])('says %s, and what to do', async (code, parts, sentence, cure) => {
    const { findings } = await doctor(parts);
    expect(findings).toEqual([
      { code, sentence: expect.stringContaining(sentence), cure: expect.stringContaining(cure) },
    ]);
    expect((await doctor(parts, 'schedule')).findings).toEqual([]);
  });

  test('takes a mapping that is about to receive for one that does', async () => {
    expect((await doctor({ mapping: async () => 'Updating' })).findings).toEqual([]);
  });

  test('says what it may not look at, and nothing else is hidden by it', async () => {
    const rule = async (): Promise<never> => {
      throw Object.assign(new Error('not yours'), { name: 'AccessDeniedException' });
    };
    const { findings, unseen } = await doctor({ rule, mapping: async () => 'Disabled' });
    expect(findings.map(({ code }) => code)).toEqual(['wake-mapping-off']);
    expect(unseen).toEqual([{ what: `the rule ${RULE}`, why: 'AccessDeniedException: not yours' }]);
  });
});

test('doctor says that a function which reserves no concurrency at all never runs', async () => {
  const { findings } = await doctor({ mostRuns: async () => 0 }, 'schedule');
  expect(findings).toMatchObject([{ code: 'scaler-throttled' }]);
});
