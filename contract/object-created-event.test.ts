import fc from 'fast-check';
import { readMessage } from '../application-code/worker/src/job/messages';
import { encodedKey, objectCreatedEvent } from './object-created-event';

describe('encodedKey', () => {
  test.each([
    ['slashes stay', 'a/b//c.jpg', 'a/b//c.jpg'],
    ['a space becomes a plus sign', 'My photo.jpg', 'My+photo.jpg'],
    ['a plus sign is encoded', '1+1.jpg', '1%2B1.jpg'],
    ['parentheses are encoded', 'photo (1).jpg', 'photo+%281%29.jpg'],
    ['a percent sign is encoded', '100%25.jpg', '100%2525.jpg'],
    ['other letters are UTF-8', 'Été/日.jpg', '%C3%89t%C3%A9/%E6%97%A5.jpg'],
    ['equals and ampersands are encoded', 'a=b&c', 'a%3Db%26c'],
    ['what a form leaves alone stays', 'a*b-c._d', 'a*b-c._d'],
  ])('%s', (_reason, key, encoded) => {
    expect(encodedKey(key)).toBe(encoded);
  });
});

test('an event names each object with its size, its bucket and where it comes from', () => {
  const objects = [
    { key: 'in/a b.jpg', bytes: 7, etag: 'e1' },
    { key: 'in/c.jpg', bytes: 0 },
  ];
  const origin = { bucket: 'photos', region: 'eu-west-1', configurationId: 'reconcile', now: 0 };
  const { Records } = JSON.parse(objectCreatedEvent(objects, origin));
  expect(Records).toHaveLength(2);
  expect(Records[0]).toMatchObject({
    eventSource: 'aws:s3',
    awsRegion: 'eu-west-1',
    eventTime: '1970-01-01T00:00:00.000Z',
    eventName: 'ObjectCreated:Put',
    s3: {
      configurationId: 'reconcile',
      bucket: { name: 'photos', arn: 'arn:aws:s3:::photos' },
      object: { key: 'in/a+b.jpg', size: 7, eTag: 'e1' },
    },
  });
  expect(Records[1].s3.object).toEqual({ key: 'in/c.jpg', size: 0 });
});

test('the worker reads back the object that an event reports, whatever its key', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (path) => {
      const key = `in/${path}`;
      const body = objectCreatedEvent([{ key, bytes: 7 }], {
        bucket: 'source',
        configurationId: 'c',
        now: 0,
      });
      const entries = readMessage(body, { sourceBucket: 'source', sourcePrefix: 'in/' });
      const eventTime = '1970-01-01T00:00:00.000Z';
      expect(entries).toEqual([{ kind: 'source', key, eventTime }]);
    }),
  );
});
