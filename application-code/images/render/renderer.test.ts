import { quarters, scene } from '../../../test/fakes/pictures/pictures';
import { RESERVED_MIB } from '../memory/estimate';
import { DEFAULT_RECIPE } from '../recipe';
import type { RenderRequest } from './render-result';
import { ImageRenderer, type ImageRendererOptions } from './renderer';

function rendererWith(options: Partial<ImageRendererOptions> = {}): ImageRenderer {
  return new ImageRenderer({
    recipe: DEFAULT_RECIPE,
    memoryLimitMiB: 512,
    maxSourceBytes: 10_000_000,
    maxSourcePixels: 100_000_000,
    maxRenders: 2,
    ...options,
  });
}

function requestFor(source: Buffer, options: Partial<RenderRequest> = {}) {
  const download = jest.fn(async () => source);
  const { signal } = new AbortController();
  return { sourceKey: 'a.jpg', bytes: source.length, download, signal, ...options };
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a job', () => {
  test('holds the bytes of its renditions until they are released', async () => {
    const renderer = rendererWith();
    const rendered = await renderer.render(requestFor(await scene(400, 300).jpeg().toBuffer()));
    expect(rendered).toMatchObject({
      pixels: 120_000,
      images: [{ name: '224x224', width: 224, height: 168 }],
    });
    expect(renderer.admission.heldBytes).toBe(rendered.images[0]?.body.length);
    rendered.release();
    rendered.release();
    expect(renderer.admission.heldBytes).toBe(0);
  });

  test('tells the milliseconds of waiting, reading and rendering apart', async () => {
    let now = 0;
    const source = await quarters().png().toBuffer();
    const download = async () => {
      now += 30;
      return source;
    };
    const rendered = await rendererWith({ now: () => now }).render(
      requestFor(source, { download }),
    );
    expect(rendered.milliseconds).toEqual({ wait: 0, read: 30, render: 0 });
  });

  test('passes on what the download throws, and keeps nothing', async () => {
    const renderer = rendererWith();
    const download = () => Promise.reject(new Error('connection reset'));
    await expect(renderer.render(requestFor(Buffer.alloc(9), { download }))).rejects.toThrow(
      'connection reset',
    );
    expect(renderer.admission.heldBytes).toBe(0);
  });

  test.each([
    ['no bytes', Buffer.alloc(0), 'EmptySource'],
    ['text', Buffer.from('no picture'), 'UnsupportedFormat'],
    ['a picture cut short', Buffer.from('GIF89a'), 'Undecodable'],
  ])('fails when the source is %s, and keeps nothing', async (_, source, code) => {
    const renderer = rendererWith();
    await expect(renderer.render(requestFor(source))).rejects.toMatchObject({ code });
    expect([renderer.admission.heldBytes, renderer.admission.decoding]).toEqual([0, 0]);
  });
});

describe('memory', () => {
  /** Needs about 30 MiB: more than two thirds of 32, and less than all of it. */
  const wide = () => scene(3_000, 1_000).png({ compressionLevel: 1 }).toBuffer();
  const small = () => quarters().jpeg().toBuffer();

  test('for a picture beyond its share is everything, after a second fetch', async () => {
    const renderer = rendererWith({ memoryLimitMiB: RESERVED_MIB + 40 });
    const request = requestFor(await wide());
    const others = await Promise.all(
      [1, 2, 3].map(async () => renderer.render(requestFor(await small()))),
    );
    const rendering = renderer.render(request);
    for (const { release } of others) {
      await settle();
      release();
    }
    (await rendering).release();
    expect(request.download).toHaveBeenCalledTimes(2);
    expect(renderer.admission.heldBytes).toBe(0);
  });

  test('that is free spares the second fetch', async () => {
    const request = requestFor(await wide());
    await rendererWith().render(request);
    expect(request.download).toHaveBeenCalledTimes(1);
  });

  test('fails when a picture needs more than there is, with what to do', async () => {
    const renderer = rendererWith({ memoryLimitMiB: RESERVED_MIB + 20 });
    const request = requestFor(await wide());
    await expect(renderer.render(request)).rejects.toMatchObject({
      code: 'TooLargeForMemory',
      message: expect.stringMatching(
        /^rendering needs about 1\d\d MiB \(128 .*\), the task has 148 .* to 1\d\d or more/,
      ),
    });
    expect(request.download).toHaveBeenCalledTimes(1);
    expect(renderer.admission.heldBytes).toBe(0);
  });

  test('fails when the source alone needs more, without fetching it', async () => {
    const renderer = rendererWith({ memoryLimitMiB: RESERVED_MIB + 5 });
    const request = requestFor(await small(), { bytes: 9_000_000 });
    await expect(renderer.render(request)).rejects.toMatchObject({ code: 'TooLargeForMemory' });
    expect(request.download).not.toHaveBeenCalled();
  });

  test('fails when the source is larger than a buffer, whatever the settings allow', async () => {
    const renderer = rendererWith({ maxSourceBytes: 1e13, memoryLimitMiB: 1e6 });
    const request = requestFor(await small(), { bytes: 2 ** 31 + 1 });
    await expect(renderer.render(request)).rejects.toMatchObject({
      code: 'TooManyBytes',
      message: expect.stringContaining('2147483648 at most'),
    });
    expect(request.download).not.toHaveBeenCalled();
  });

  test('fails when the source has too many bytes, without fetching it', async () => {
    const request = requestFor(await small(), { bytes: 10_000_001 });
    await expect(rendererWith().render(request)).rejects.toMatchObject({
      code: 'TooManyBytes',
      message: expect.stringContaining('10000001 bytes, the limit is 10000000'),
    });
    expect(request.download).not.toHaveBeenCalled();
  });

  test('of a source that has grown since it was looked at is fetched again', async () => {
    const renderer = rendererWith();
    const request = requestFor(await small(), { bytes: 5 });
    (await renderer.render(request)).release();
    expect(request.download).toHaveBeenCalledTimes(2);
    expect(renderer.admission.heldBytes).toBe(0);
  });

  test('is never overdrawn, nor the decoders, by forty jobs at once', async () => {
    const renderer = rendererWith({ memoryLimitMiB: RESERVED_MIB + 50 });
    const sources = [await small(), await wide(), await scene(800, 600).jpeg().toBuffer()];
    const highest = { bytes: 0, decoding: 0 };
    const look = () => {
      highest.bytes = Math.max(highest.bytes, renderer.admission.heldBytes);
      highest.decoding = Math.max(highest.decoding, renderer.admission.decoding);
    };
    const job = async (source: Buffer) => {
      const download = async () => {
        look();
        return source;
      };
      const rendered = await renderer.render(requestFor(source, { download }));
      look();
      rendered.release();
    };
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => job(sources[index % 3] ?? Buffer.alloc(0))),
    );
    expect(highest.bytes).toBeGreaterThan(0);
    expect(highest.bytes).toBeLessThanOrEqual(50 * 1024 * 1024);
    expect(highest.decoding).toBeLessThanOrEqual(2);
    expect([renderer.admission.heldBytes, renderer.admission.decoding]).toEqual([0, 0]);
  });
});

describe('an abort', () => {
  test('lets a job that waits leave at once', async () => {
    const renderer = rendererWith({ memoryLimitMiB: RESERVED_MIB + 20 });
    const source = await quarters().jpeg().toBuffer();
    const holder = await renderer.render(requestFor(source));
    const control = new AbortController();
    const large = requestFor(source, { bytes: 9_000_000, signal: control.signal });
    const waiting = renderer.render(large);
    await settle();
    control.abort(new Error('drained'));
    await expect(waiting).rejects.toThrow('drained');
    expect(large.download).not.toHaveBeenCalled();
    holder.release();
    expect(renderer.admission.heldBytes).toBe(0);
  });

  test.each(['after the download', 'while it decodes'])(
    '%s leaves nothing held',
    async (moment) => {
      const renderer = rendererWith();
      const control = new AbortController();
      const source = await scene(1_500, 1_000).png({ compressionLevel: 1 }).toBuffer();
      const off = () => control.abort(new Error('timed out'));
      const download = async () => {
        moment === 'after the download' ? off() : setTimeout(off, 0);
        return source;
      };
      const job = renderer.render(requestFor(source, { download, signal: control.signal }));
      await expect(job).rejects.toThrow('timed out');
      expect([renderer.admission.heldBytes, renderer.admission.decoding]).toEqual([0, 0]);
    },
  );
});
