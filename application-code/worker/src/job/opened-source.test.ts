import { constants } from 'node:buffer';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { FakeClock } from '../../../../test/fakes/clock';
import { FakeSources } from '../../../../test/fakes/worker/fake-buckets';
import { sourceOf } from './opened-source';

test('fails to read into memory what no buffer holds, and can still stream it', async () => {
  const opened = {
    ...{ eTag: '"1"', bytes: constants.MAX_LENGTH + 1 },
    read: () => Promise.reject(new Error('It was read.')),
    stream: async () => Readable.from(['film']),
    discard: () => undefined,
  };
  const { signal } = new AbortController();
  const source = sourceOf({
    ...{ bucket: 'films', key: 'a.mov', opened, signal },
    ...{ sources: new FakeSources(), clock: new FakeClock() },
  });
  await expect(source.read()).rejects.toMatchObject({
    name: 'PermanentFault',
    code: 'TooManyBytes',
    message: expect.stringMatching(/read a stream/),
  });
  expect(await text(await source.stream())).toBe('film');
});
