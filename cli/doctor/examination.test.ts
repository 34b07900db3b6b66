import type { BlueprintInput } from '../../stacks/config/blueprint-config';
import { fakePipeline, HEALTHY, lacking, PATH } from '../../test/fakes/cli/fake-pipeline';
import { NOW, tryCommand } from '../../test/fakes/cli/fake-session';
import { scalerVariables } from '../../test/fakes/environments';
import type { Checkup } from '../ports/account';

/** A pipeline with everything, from which a test takes parts. */
function healthyPipeline() {
  const { account, pipeline, values } = fakePipeline();
  pipeline.variables = { ...scalerVariables(), SUBNETS: 'subnet-1' };
  pipeline.lastRun = async () => ({ timestamp: new Date(NOW).toISOString() });
  const checkup: { -readonly [Part in keyof Checkup]: Checkup[Part] } = { ...HEALTHY };
  return { account, values, checkup };
}
type FakeAccount = ReturnType<typeof healthyPipeline>;

/** As the SDK says it. */
const failing = (name: string) => async (): Promise<never> => {
  throw Object.assign(new Error('no'), { name });
};

const GONE = {
  scaler: ({ account }: FakeAccount) => {
    account.scaler.variables = lacking('function', 'ResourceNotFoundException');
  },
  queue:
    (which: string) =>
    ({ account }: FakeAccount) => {
      const { open } = account.queues;
      account.queues.open = (name) =>
        name.endsWith(which) ? lacking('queue', 'QueueDoesNotExist')() : open(name);
    },
  cluster: ({ account }: FakeAccount) => {
    account.tasks.fleet = lacking('cluster', 'ClusterNotFoundException');
  },
  parameters: ({ values }: FakeAccount) => values.clear(),
  subnets: ({ checkup }: FakeAccount) => {
    checkup.freeAddresses = failing('InvalidSubnetID.NotFound');
  },
  rule: ({ checkup }: FakeAccount) => {
    checkup.wakeUps = { ...HEALTHY.wakeUps, rule: failing('ResourceNotFoundException') };
  },
  delivery: ({ checkup }: FakeAccount) => {
    checkup.hearsPushes = failing('PipelineNotFoundException');
  },
};

/** A doctor's words where parts of a deploy are gone. */
async function doctorWithout(...gone: readonly ((there: FakeAccount) => void)[]) {
  const there = healthyPipeline();
  for (const take of gone) take(there);
  const account = { ...there.account, checkup: there.checkup };
  const blueprint: BlueprintInput = {
    environments: {
      dev: {
        region: 'eu-central-1',
        delivery: { source: 's3' },
        pipelines: { photos: { wake: 'event' } },
      },
    },
  };
  const { text } = await tryCommand('doctor --json', { account, blueprint });
  const [finding, ...more] = JSON.parse(text).findings;
  return { finding, codes: more.map(({ code }: { code: string }) => code), text };
}

describe('where a part of a deploy is missing, doctor names', () => {
  test.each<[part: string, gone: (there: FakeAccount) => void]>([
    ['the function spillway-dev-photos-scaler', GONE.scaler],
    ['the queue spillway-dev-photos-work', GONE.queue('-work')],
    ['the queue spillway-dev-photos-dead-letters', GONE.queue('-dead-letters')],
    ['the cluster spillway-dev', GONE.cluster],
    ['the subnets of the tasks', GONE.subnets],
    ['the delivery pipeline spillway-dev-delivery', GONE.delivery],
    ['the rule spillway-dev-photos-wake', GONE.rule],
  ])('%s, and how it comes back', async (part, gone) => {
    const { finding, codes } = await doctorWithout(gone);
    expect(finding).toEqual({
      code: 'half-deployed',
      sentence: `A part of the deploy is missing: ${part}.`,
      cure: expect.stringContaining("`npx cdktf deploy 'dev-*'` makes what is missing"),
    });
    expect(codes).toEqual([]);
  });

  test('parameters that are gone, of which a status shows nothing', async () => {
    const { finding, codes } = await doctorWithout(GONE.parameters);
    expect(finding.sentence).toContain(`is missing: the parameters below ${PATH}.`);
    expect(codes).toEqual(['no-image-yet']);
  });

  test('all that are missing, and not the subnets, which only a function knows', async () => {
    const { finding } = await doctorWithout(GONE.scaler, GONE.queue('-work'), GONE.subnets);
    expect(finding.sentence).toBe(
      'A part of the deploy is missing: the function spillway-dev-photos-scaler, the queue ' +
        'spillway-dev-photos-work.',
    );
  });

  test('none, where a permission is missing and the parts are unknown', async () => {
    const { finding, text } = await doctorWithout(({ account }) => {
      account.queues.open = lacking('part', 'AccessDeniedException');
    });
    expect(finding).toBeUndefined();
    expect(JSON.parse(text).unseen).toContainEqual(
      expect.objectContaining({ what: 'the state of the pipeline' }),
    );
  });
});

describe('spillway doctor of a local run', () => {
  const local = async (
    change: (fake: ReturnType<typeof fakePipeline>) => void = () => undefined,
  ) => {
    const fake = fakePipeline();
    fake.values.set('/spillway/local/photos/enabled', 'configured');
    fake.pipeline.lastRun = async () => ({
      timestamp: '2020-01-01T00:00Z',
      decided: { action: 'hold', because: 'nothing-visible' },
    });
    fake.account.queues.open = async () => fake.letters;
    change(fake);
    const { account } = fake;
    const { text } = await tryCommand('doctor --local http://127.0.0.1:4566 --json', { account });
    return JSON.parse(text);
  };

  test('names each thing that was not looked at, and why a local run has none', async () => {
    const { unseen } = await local();
    const words = unseen.map(({ what, why }: { what: string; why: string }) => `${what}: ${why}`);
    expect(words).toEqual([
      'the schedule of the scaler: a local run calls its scaler itself',
      'quotas of the account: tasks of a local run are processes of this machine',
      'free addresses of the subnets: tasks of a local run are processes of this machine',
      'connection and trigger of the delivery: a local run takes its worker from this checkout',
      'subscriptions of the topics: a local run has no alarms',
      'events of an existing source bucket: a local run makes its own bucket',
    ]);
  });

  test('advises no deploy when a part of it is missing', async () => {
    const { findings } = await local(({ account }) => {
      account.queues.open = lacking('queue', 'QueueDoesNotExist');
    });
    expect(findings).toEqual([
      {
        code: 'not-deployed',
        sentence: 'There is no queue: deploy. It was looked for at http://127.0.0.1:4566.',
        cure: 'That run is ending or broken: `npm start -- --keep` starts another.',
      },
    ]);
  });
});

describe('spillway doctor before a deploy', () => {
  const undeployed = (why = 'ResourceNotFoundException') => {
    const { account, values } = fakePipeline();
    values.clear();
    return {
      ...account,
      scaler: { ...account.scaler, variables: lacking('function', why) },
      queues: { ...account.queues, open: lacking('queue', 'QueueDoesNotExist') },
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
    expect(error).toMatchObject({ name: 'RefusalError' });
  });

  test('counts the Elastic IP addresses that are there', async () => {
    const { account } = { account: undeployed() };
    const checkup = { ...account.checkup, elasticIps: async () => 4 };
    const blueprint: BlueprintInput = {
      environments: { dev: { region: 'eu-central-1', network: { egress: 'nat-per-az' } } },
    };
    const { text } = await tryCommand('doctor', { account: { ...account, checkup }, blueprint });
    expect(text).toMatch(/“EC2-VPC Elastic IPs” \(ec2\) is 5, but \d may be needed: 4 are there/);
  });

  test('takes a missing permission neither for a missing deploy nor for an error', async () => {
    const { text, error } = await tryCommand('doctor --json', {
      account: undeployed('AccessDeniedException'),
    });
    expect(error).toMatchObject({ message: expect.stringContaining('to fix') });
    const { findings, unseen } = JSON.parse(text);
    expect(findings.map(({ code }: { code: string }) => code)).not.toContain('not-deployed');
    expect(unseen).toContainEqual({
      what: 'the state of the pipeline',
      why: expect.stringContaining('There is no function'),
    });
  });
});
