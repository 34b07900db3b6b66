import type { BlueprintInput, EnvironmentInput } from '../../stacks/config/blueprint-config';
import { fakePipeline, HEALTHY, PATH } from '../../test/fakes/cli/fake-pipeline';
import { NOW, tryCommand } from '../../test/fakes/cli/fake-session';
import { scalerVariables } from '../../test/fakes/environments';
import type { Checkup } from '../ports/account';

interface Case {
  readonly environment?: EnvironmentInput;
  readonly checkup?: Partial<Checkup>;
  readonly lastRun?: Readonly<Record<string, unknown>> | (() => Promise<never>);
  readonly values?: Readonly<Record<string, string>>;
  readonly letters?: number;
}

async function doctor(given: Case = {}) {
  const {
    environment = {},
    checkup,
    lastRun = heldFor('nothing-visible'),
    values = {},
    letters = 0,
  } = given;
  const fake = fakePipeline();
  fake.pipeline.variables = scalerVariables();
  fake.pipeline.lastRun = async () => (typeof lastRun === 'function' ? lastRun() : lastRun);
  for (const [name, value] of Object.entries(values)) fake.values.set(`${PATH}${name}`, value);
  for (let count = 0; count < letters; count += 1) fake.letters.put('a');
  const account = { ...fake.account, checkup: { ...HEALTHY, ...checkup } };
  const blueprint: BlueprintInput = {
    environments: { dev: { region: 'eu-central-1', ...environment } },
  };
  const { text, error } = await tryCommand('doctor -p photos --json', { account, blueprint });
  const { findings, unseen } = JSON.parse(text);
  return { codes: findings.map(({ code }: { code: string }) => code), findings, unseen, error };
}

const CONNECTION: EnvironmentInput = {
  delivery: { source: 'connection', repository: 'you/spillway' },
};
const CONNECTION_ARN = 'arn:aws:codeconnections:eu-central-1:123456789012:connection/1';
const refused = async () => {
  throw Object.assign(new Error('not yours'), { name: 'AccessDenied' });
};
const heldFor = (because: string) => ({
  timestamp: new Date(NOW).toISOString(),
  decided: { action: 'hold', because },
});

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
    [
      'no-addresses',
      {
        lastRun: {
          timestamp: NOW,
          seen: { brake: 'off', start: { brake: 'probe', fault: 'no-addresses' } },
          decided: { action: 'launch', because: 'probe' },
        },
      },
    ],
    [
      'tasks-failing',
      {
        lastRun: {
          timestamp: NOW,
          seen: { brake: 'probe', start: { brake: 'off' } },
          decided: { action: 'launch', because: 'probe' },
        },
      },
    ],
    [
      'vcpu-quota',
      {
        lastRun: {
          timestamp: NOW,
          seen: { brake: 'off', start: { brake: 'off' } },
          decided: { action: 'launch', because: 'shortfall' },
          done: { overQuota: 3 },
        },
      },
    ],
    ['image-unavailable', { lastRun: heldFor('image-unavailable') }],
    ['resources-unavailable', { lastRun: heldFor('resources-unavailable') }],
    ['invalid-parameters', { lastRun: { ...heldFor('invalid-parameters'), error: 'a line' } }],
    ['scaler-failing', { lastRun: { timestamp: NOW, error: 'AccessDenied' } }],
    [
      'scaler-silent',
      { lastRun: { ...heldFor('nothing-visible'), timestamp: '2026-01-10T11:54:00Z' } },
    ],
    [
      'connection-pending',
      { environment: CONNECTION, checkup: { connectionStatus: async () => 'PENDING' } },
    ],
    [
      'connection-pending',
      {
        environment: {
          delivery: {
            source: 'connection',
            repository: 'you/spillway',
            connectionArn: CONNECTION_ARN,
          },
        },
        checkup: {
          connectionStatus: async (which) => (which === CONNECTION_ARN ? 'PENDING' : undefined),
        },
      },
    ],
    ['no-trigger', { environment: CONNECTION, checkup: { hearsPushes: async () => false } }],
    [
      'alarm-unconfirmed',
      {
        environment: { alarms: { emails: ['a@example.com'] } },
        checkup: { confirmedEndpoints: async () => ['b@example.com'] },
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
    expect(error).toMatchObject({
      name: 'RefusalError',
      message: '1 thing to fix in photos of dev.',
    });
  });

  test('says which quota is below what a full fleet needs', async () => {
    const small = {
      quota: async ({ name }: { name: string }) => (name.includes('Spot') ? 5 : 100),
    };
    const { findings } = await doctor({ checkup: small });
    expect(findings.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
      'The quota “Fargate Spot vCPU resource count” (fargate) is 5, but 6 may be needed: for ' +
        '6 tasks on FARGATE_SPOT of 1 pipeline.',
    ]);
  });

  test('counts the fleets of all pipelines of the environment', async () => {
    const small = {
      quota: async ({ name }: { name: string }) => (name.includes('Spot') ? 12 : 100),
    };
    const environment = { pipelines: { photos: {}, scans: { cpuUnits: 2_048, memoryMiB: 4_096 } } };
    const { findings } = await doctor({ checkup: small, environment });
    expect(findings[0].sentence).toContain(
      'is 12, but 18 may be needed: for 12 tasks on FARGATE_SPOT',
    );
  });

  test('says that a build has no machine in a new account', async () => {
    const none = {
      quota: async ({ service }: { service: string }) => (service === 'codebuild' ? 0 : 100),
    };
    expect((await doctor({ checkup: none })).findings[0].sentence).toContain(
      'Concurrently running builds for ARM/Small environment” (codebuild) is 0, but 1 may be ' +
        'needed',
    );
  });

  test('counts the fleet by the knobs that operators have set', async () => {
    const small = {
      quota: async ({ name }: { name: string }) => (name.includes('Spot') ? 9 : 100),
    };
    const values = { 'on-demand-base': '0', 'on-demand-weight': '0' };
    const { findings } = await doctor({ checkup: small, values });
    expect(findings[0].sentence).toContain(
      'is 9, but 10 may be needed: for 10 tasks on FARGATE_SPOT',
    );
  });

  test('counts the reserved runs of all scalers of the environment', async () => {
    const ten = {
      quota: async ({ service }: { service: string }) => (service === 'lambda' ? 11 : 100),
    };
    const environment = {
      scaler: { reservedConcurrency: 1 },
      pipelines: { photos: {}, scans: {} },
    };
    const { findings } = await doctor({ checkup: ten, environment });
    expect(findings.map(({ sentence }: { sentence: string }) => sentence)).toEqual([
      'The quota “Concurrent executions” (lambda) is 11, but 12 may be needed: 2 reserved, ' +
        'and 10 must be left.',
    ]);
  });

  test('lists a quota or a connection that AWS does not list as not looked at', async () => {
    const { codes, unseen } = await doctor({
      environment: CONNECTION,
      checkup: { quota: async () => undefined, connectionStatus: async () => undefined },
    });
    expect(codes).toEqual([]);
    for (const what of [
      'the connection of the delivery',
      'quota Fargate On-Demand vCPU resource count',
    ])
      expect(unseen).toContainEqual({ what, why: 'AWS lists none of that name' });
  });

  test('lists a log that it may not read as not looked at', async () => {
    const { codes, unseen } = await doctor({ lastRun: refused });
    expect(codes).toEqual([]);
    expect(unseen).toEqual([{ what: 'lastRun', why: 'AccessDenied: not yours' }]);
  });

  test('tells what it could not look at, which is no finding', async () => {
    const { codes, unseen, error } = await doctor({
      checkup: { freeAddresses: refused, quota: refused },
    });
    expect([codes, error]).toEqual([[], undefined]);
    expect(unseen).toContainEqual({
      what: 'the subnets of the tasks',
      why: 'AccessDenied: not yours',
    });
    expect(unseen.length).toBeGreaterThan(2);
  });
});
