import { isUnpromised } from './explained';
import { History } from './history';
import { type ChaosObject, photoOf } from './objects';

const [SOURCE, RENDITION] = ['ecsproc/a.png', 'processed/s/a.png'];

interface Course {
  readonly isLost?: boolean;
  readonly looks?: boolean;
  readonly exitCode?: number;
  readonly writesLater?: boolean;
  readonly isOvertaken?: boolean;
  readonly isOldVersion?: boolean;
}

/** A worker `a` that writes an older version after `b`, and dies. */
async function isUnpromisedIn({
  isLost = true,
  looks = false,
  exitCode = 137,
  writesLater = false,
  isOvertaken = true,
  isOldVersion = true,
}: Course) {
  const history = new History();
  const call = (who: string, text: string, key: string) =>
    history.add({ what: 'call', who, text, keys: [key] });
  if (isLost) history.add({ what: 'fault', who: 'a', text: '', fault: 'task-paused', keys: [] });
  if (!isOvertaken) call('b', 'PutObject 200', RENDITION);
  history.add({ what: 'object', who: 'test', text: 'uploaded', keys: [SOURCE] });
  if (isOvertaken) call('b', 'PutObject 200', RENDITION);
  call('a', 'PutObject 200', RENDITION);
  if (looks) call('a', 'HeadObject 200', SOURCE);
  if (writesLater) call('b', 'PutObject 200', RENDITION);
  history.add({ what: 'task', who: 'a', text: 'stopped', exitCode, keys: [] });
  const first = await photoOf(0, 'png');
  const change = {
    at: { operation: 'GetObject', moment: 'after' },
    to: await photoOf(1, 'png'),
    holdMilliseconds: 0,
  } as const;
  const object: ChaosObject = { path: 'a.png', first, changes: [change], isAnnouncedTwice: false };
  const renditions = [{ key: RENDITION, width: 32 }];
  const expected = [{ object, sourceKey: SOURCE, renditions, newestAt: 0 }];
  return isUnpromised({ text: 'old', keys: [SOURCE], isOldVersion }, expected, history);
}

test(
  'an older version may stay when a worker lost its message, wrote last and was ' +
    'killed before it looked',
  async () => {
    expect(await isUnpromisedIn({})).toBe(true);
  },
);

test.each<[string, Course]>([
  ['no message can have been lost', { isLost: false }],
  ['a rendition is missing', { isOldVersion: false }],
  ['the worker looked again', { looks: true }],
  ['the worker was not killed', { exitCode: 0 }],
  ['another worker wrote last', { writesLater: true }],
  ['no worker has written the newest version', { isOvertaken: false }],
])('it may not when %s', async (_why, course) => {
  expect(await isUnpromisedIn(course)).toBe(false);
});
