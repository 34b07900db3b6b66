import type { Rendered, Renderer, RenderRequest } from './job/ports';
import { LateRenderer } from './late-renderer';

const rendered = { images: [] } as unknown as Rendered;
const request = { key: 'photo.jpg' } as unknown as RenderRequest;
const renderer: Renderer = {
  render: async (given) => {
    expect(given).toBe(request);
    return rendered;
  },
};

describe('LateRenderer', () => {
  test('loads nothing before it is asked, and then once for all', async () => {
    let loads = 0;
    const late = new LateRenderer(async () => {
      loads += 1;
      return renderer;
    });
    expect(loads).toBe(0);
    const results = await Promise.all([late.load(), late.render(request), late.render(request)]);
    expect(results).toEqual([renderer, rendered, rendered]);
    expect(loads).toBe(1);
  });

  test('fails no job when it cannot be loaded, but ends the process once', async () => {
    const cause = new Error('libvips-cpp.so: cannot open shared object file');
    const faults: unknown[] = [];
    const late = new LateRenderer(
      () => Promise.reject(cause),
      (error) => faults.push(error),
    );
    const settled = jest.fn();
    for (const job of [late.render(request), late.render(request)]) job.then(settled, settled);
    await new Promise(setImmediate);
    expect(faults).toEqual([cause]);
    expect(settled).not.toHaveBeenCalled();
  });
});
