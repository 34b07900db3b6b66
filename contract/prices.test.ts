import { billOf } from './bill';
import { PRICES, pricesIn, taskPrice } from './prices';

const size = { architecture: 'arm64', cpuUnits: 1024, memoryMiB: 2048 } as const;

describe('taskPrice', () => {
  test.each([
    ['ARM64 without an address', size, false, { onDemand: 0.0395, spot: 0.01975 }],
    ['ARM64 with a public address', size, true, { onDemand: 0.0445, spot: 0.02475 }],
    ['x86', { ...size, architecture: 'x86_64' }, false, { onDemand: 0.04937, spot: 0.024685 }],
    [
      'a quarter of a vCPU',
      { ...size, cpuUnits: 256, memoryMiB: 512 },
      false,
      { onDemand: 0.009875, spot: 0.004938 },
    ],
  ] as const)('of one task and hour: %s', (_what, settings, publicAddress, price) => {
    expect(taskPrice(settings, publicAddress)).toEqual(price);
  });

  test('agrees with the bill', () => {
    const { lines } = billOf({
      architecture: 'arm64',
      vcpus: 1,
      memoryGb: 2,
      taskSeconds: { FARGATE: 3_600, FARGATE_SPOT: 0 },
      hasPublicAddress: true,
      ...{ puts: 0, gets: 0, sqsRequests: 0, scalerRuns: 0 },
    });
    const told = lines.reduce((sum, { dollars }) => sum + dollars, 0);
    expect(taskPrice(size, true).onDemand).toBeCloseTo(told, 6);
  });
});

describe('pricesIn', () => {
  test('has those of a region where they are known', () => {
    expect(pricesIn('us-west-2')).toEqual({ ...PRICES, region: 'us-west-2' });
    expect(pricesIn('eu-central-1')).toMatchObject({ region: 'eu-central-1', vcpuHour: 0.03725 });
    expect(taskPrice(size, true, pricesIn('eu-central-1'))).toEqual({
      onDemand: 0.05043,
      spot: 0.027715,
    });
  });

  test('has those of us-east-1 for others, and says so', () => {
    expect(pricesIn('ap-south-2')).toEqual(PRICES);
  });
});
