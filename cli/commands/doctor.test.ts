import type { BlueprintInput, EnvironmentInput } from '../../stacks/config/blueprint-config';
import { PATH, pipelineDouble, SCALER_VARIABLES } from '../pipeline-double';
import type { Checkup } from '../ports';
import { NOW, tryCommand } from '../session-double';

/** An account in which nothing is wrong. */
const HEALTHY: Checkup = {
  connectionStatus: async () => 'AVAILABLE',
  unconfirmedEndpoints: async () => [],
  freeAddresses: async () => 1_000,
  vpcs: async () => 1,
  quota: async () => 1_000,
  usesEventBridge: async () => true,
};

interface Case {
  readonly environment?: EnvironmentInput;
  readonly checkup?: Partial<Checkup>;
  readonly lastRun?: Readonly<Record<string, unknown>>;
  readonly values?: Readonly<Record<string, string>>;
  readonly letters?: number;
}

async function doctor({ environment = {}, checkup, lastRun, values = {}, letters = 0 }: Case = {}) {
  const double = pipelineDouble();
  double.world.variables = { ...SCALER_VARIABLES, SUBNETS: 'subnet-1,subnet-2' };
  double.world.lastRun = async () => lastRun;
  for (const [name, value] of Object.entries(values)) double.values.set(`${PATH}${name}`, value);
  for (let count = 0; count < letters; count += 1) double.letters.put('a');
  const account = { ...double.account, checkup: { ...HEALTHY, ...checkup } };
  const blueprint: BlueprintInput = { environments: { dev: { region: 'eu-central-1', ...environment } } };
  const { text, error } = await tryCommand('doctor --json', { account, blueprint });
  const { findings, unseen } = JSON.parse(text);
  return { codes: findings.map(({ code }: { code: string }) => code), findings, unseen, error };
}

const CONNECTION: EnvironmentInput = { delivery: { source: 'connection', repository: 'you/spillway' } };
const refused = async () => {
  throw Object.assign(new Error('not yours'), { name: 'AccessDenied' });
};
const heldFor = (because: string) => ({ timestamp: NOW, decided: { action: 'hold', because } });

describe('spillway doctor', () => {
  test('finds nothing where nothing is wrong, and ends well', async () => {
    expect(await doctor({ environment: CONNECTION })).toEqual({
      codes: [],
      findings: [],
      unseen: [],
      error: undefined,
    });
  });

  test.each<[code: string, what: Case]>([
    ['no-image-yet', { values: { 'task-definition': 'none' } }],
    ['paused', { values: { enabled: 'false' } }],
    ['dead-letters', { letters: 2 }],
    ['tasks-failing', { lastRun: heldFor('tasks-failing') }],
    ['no-addresses', { lastRun: heldFor('no-addresses') }],
    ['vcpu-quota', { lastRun: heldFor('vcpu-quota') }],
    ['image-unavailable', { lastRun: heldFor('image-unavailable') }],
    ['resources-unavailable', { lastRun: heldFor('resources-unavailable') }],
    ['invalid-parameters', { lastRun: { ...heldFor('invalid-parameters'), error: 'a line' } }],
    ['scaler-failing', { lastRun: { timestamp: NOW, error: 'AccessDenied' } }],
    ['connection-pending', { environment: CONNECTION, checkup: { connectionStatus: async () => 'PENDING' } }],
    [
      'alarm-unconfirmed',
      {
        environment: { alarms: { emails: ['a@example.com'] } },
        checkup: { unconfirmedEndpoints: async () => ['a@example.com'] },
      },
    ],
    [
      'eventbridge-off',
      {
        environment: { pipelines: { photos: { existingSourceBucket: { name: 'theirs' } } } },
        checkup: { usesEventBridge: async () => false },
      },
    ],
    ['no-room', { checkup: { freeAddresses: async () => 9 } }],
  ])('says %s, with what to do, and ends with 1', async (code, what) => {
    const { codes, findings, error } = await doctor(what);
    expect(codes).toEqual([code]);
    expect(findings[0].sentence).toMatch(/\.$|: (a line|AccessDenied)$/);
    expect(findings[0].cure.length).toBeGreaterThan(10);
    expect(error).toMatchObject({ name: 'Refused', message: '1 thing to mend in photos of dev.' });
  });

  test('says which quota is below what a full fleet needs', async () => {
    const small = { quota: async ({ name }: { name: string }) => (name.includes('Spot') ? 5 : 100) };
    const { findings } = await doctor({ checkup: small });
    expect(findings.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
      'The quota “Fargate Spot vCPU resource count” (fargate) is 5, but 6 may be needed: for 6 of at most 10 tasks, on FARGATE_SPOT.',
    ]);
  });

  test('says that a build has no machine in a new account', async () => {
    const none = { quota: async ({ service }: { service: string }) => (service === 'codebuild' ? 0 : 100) };
    expect((await doctor({ checkup: none })).findings[0].sentence).toContain(
      'Concurrently running builds for ARM/Small environment” (codebuild) is 0, but 1 may be needed',
    );
  });

  test('tells what it could not look at, which is no finding', async () => {
    const { codes, unseen, error } = await doctor({
      checkup: { freeAddresses: refused, quota: refused },
    });
    expect([codes, error]).toEqual([[], undefined]);
    expect(unseen).toContainEqual({ what: 'free addresses', why: 'AccessDenied: not yours' });
    expect(unseen.length).toBeGreaterThan(2);
  });
});

describe('spillway doctor before a deploy', () => {
  const undeployed = () => {
    const { account } = pipelineDouble();
    const cause = Object.assign(new Error('no'), { name: 'ResourceNotFoundException' });
    const variables = () => Promise.reject(new Error('There is no function: deploy.', { cause }));
    return {
      ...account,
      scaler: { ...account.scaler, variables },
      checkup: { ...HEALTHY, quota: async () => 5, vpcs: async () => 5 },
    };
  };

  test('says so, and which quotas a deploy would meet', async () => {
    const { text, error } = await tryCommand('doctor', { account: undeployed() });
    expect(text).toContain(
      "not-deployed: There is no function: deploy. The command is `npx cdktf deploy 'dev-*'`",
    );
    expect(text).toContain(
      '“VPCs per Region” (vpc) is 5, but 6 may be needed: this environment makes one more.',
    );
    expect(error).toMatchObject({ name: 'Refused' });
  });
});
