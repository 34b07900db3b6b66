import fc from 'fast-check';
import { MINUTE, NOW } from '../../../test/fakes/scaler/examples';
import type { CapacityProvider } from '../ports';
import { clientToken, type RunOfPipeline, tokenOf } from './launch';

const parts = {
  environment: 'test',
  pipeline: 'photos',
  scheduledMinute: NOW - (NOW % MINUTE),
  capacityProvider: 'FARGATE_SPOT' as const,
  batch: 0,
};

interface Parts extends RunOfPipeline {
  readonly capacityProvider: CapacityProvider;
  readonly batch: number | 'first';
}

const token = ({ capacityProvider, batch, ...run }: Parts) =>
  clientToken(tokenOf(run), capacityProvider, batch);

describe('clientToken', () => {
  test('is made of pipeline, minute, capacity provider and batch', () => {
    expect(token(parts)).toMatch(/^photos-[0-9a-f]{8}-202603101405-FARGATE_SPOT-0$/);
  });

  test.each([
    ['environment', { environment: 'production' }],
    ['pipeline', { pipeline: 'scans' }],
    ['minute', { scheduledMinute: parts.scheduledMinute + MINUTE }],
    ['capacity provider', { capacityProvider: 'FARGATE' as const }],
    ['batch', { batch: 1 }],
    ['being the first batch of a fleet that uploads wake', { batch: 'first' as const }],
    ['invocation by hand', { invocationId: 'a' }],
  ])('differs by %s', (_part, change) => {
    expect(token({ ...parts, ...change })).not.toBe(token(parts));
  });

  test('is the same for the same invocation by hand, and another for another one', () => {
    const [first, again, second] = ['a', 'a', 'b'].map((invocationId) =>
      token({ ...parts, invocationId }),
    );
    expect(first).toBe(again);
    expect(first).not.toBe(second);
  });

  test('keeps apart long names that differ only at their ends', () => {
    const long = { ...parts, pipeline: 'a-pipeline-with-quite-a-long-name-1' };
    expect(token(long)).not.toBe(token({ ...long, pipeline: `${long.pipeline.slice(0, -1)}2` }));
  });

  test('never exceeds the 64 characters that ECS takes', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,48}$/);
    const changes = fc.record({
      environment: name,
      pipeline: name,
      batch: fc.nat(499),
      invocationId: fc.string({ maxLength: 500 }),
    });
    fc.assert(
      fc.property(changes, (change) => {
        expect(token({ ...parts, ...change }).length).toBeLessThanOrEqual(64);
      }),
    );
  });
});
