import { LateProcessor } from './late-processor';
import type { JobContext, ProcessedSource, Processor, Source } from './workload';

const processed = { outputs: [] } as unknown as ProcessedSource;
const source = { key: 'photo.jpg' } as unknown as Source;
const context = { id: 'a-1' } as unknown as JobContext;
const processor: Processor = {
  process: async (...given) => {
    expect(given).toEqual([source, context]);
    return processed;
  },
};

describe('LateProcessor', () => {
  test('loads nothing before it is asked, and then once for all', async () => {
    let loads = 0;
    const late = new LateProcessor(async () => {
      loads += 1;
      return processor;
    });
    expect(loads).toBe(0);
    const results = await Promise.all([
      late.load(),
      late.process(source, context),
      late.process(source, context),
    ]);
    expect(results).toEqual([processor, processed, processed]);
    expect(loads).toBe(1);
  });

  test('fails no job when it cannot be loaded, but ends the process once', async () => {
    const cause = new Error('libvips-cpp.so: cannot open shared object file');
    const faults: unknown[] = [];
    const late = new LateProcessor(
      () => Promise.reject(cause),
      (error) => faults.push(error),
    );
    const settled = jest.fn();
    for (const job of [late.process(source, context), late.process(source, context)])
      job.then(settled, settled);
    await new Promise(setImmediate);
    expect(faults).toEqual([cause]);
    expect(settled).not.toHaveBeenCalled();
  });
});
