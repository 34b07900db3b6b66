import type { FaultCode } from '../../application-code/worker/src/faults';
import { unexplained } from './explained';
import type { FaultKind } from './fault-kinds';
import { History } from './history';
import { photoOf } from './objects';

/** A fault, and the key of the request that it struck. */
type Struck = readonly [FaultKind, string | undefined];

const [SOURCE, RENDITION, OTHER] = ['ecsproc/a.png', 'processed/s/a.png', 'ecsproc/b.png'];

/** Whether a letter about `SOURCE`, after eight receives, is explained by these faults. */
async function isExplained(code: FaultCode, faults: readonly Struck[]): Promise<boolean> {
  const history = new History();
  for (const [fault, key] of faults)
    history.add({ what: 'fault', who: 'a', text: '', fault, keys: key ? [key] : [] });
  const first = await photoOf(0, 'png');
  const object = { path: 'a.png', first, changes: [], isAnnouncedTwice: false };
  const renditions = [{ key: RENDITION, width: 32 }];
  const expected = [{ object, sourceKey: SOURCE, renditions, newestAt: 0 }];
  const letter = { messageId: '1', key: SOURCE, code, message: 'x', receiveCount: 8, failedAt: '' };
  return unexplained([letter], expected, history, 8).length === 0;
}

const times = (count: number, kind: FaultKind, key?: string) =>
  Array.from({ length: count }, (): Struck => [kind, key]);

test.each<[string, FaultCode, readonly Struck[]]>([
  ['S3 failed it often enough', 'SourceUnavailable', times(4, 's3-slow-down', SOURCE)],
  [
    'S3 failed a rendition often enough',
    'DestinationUnavailable',
    times(4, 's3-reset-before', RENDITION),
  ],
  [
    'S3 failed it once, and its receives came to nothing',
    'SourceUnavailable',
    [...times(1, 's3-truncated-body', SOURCE), ...times(3, 'sqs-reset-after')],
  ],
  ['workers were killed', 'WorkerLost', times(4, 'task-killed-before')],
  ['a worker stood still', 'JobTimeout', times(4, 'task-paused')],
  ['it is the object’s own fault', 'Undecodable', []],
])('a dead letter is explained when %s', async (_why, code, faults) => {
  expect(await isExplained(code, faults)).toBe(true);
});

test.each<[string, FaultCode, readonly Struck[]]>([
  ['nothing struck', 'SourceUnavailable', []],
  ['too little struck', 'SourceUnavailable', times(3, 's3-slow-down', SOURCE)],
  ['S3 failed another object alone', 'DestinationUnavailable', times(9, 's3-slow-down', OTHER)],
  ['only receives came to nothing', 'SourceUnavailable', times(9, 'sqs-throttling')],
  ['no worker and no receive was lost', 'WorkerLost', times(9, 's3-slow-down', SOURCE)],
])('a dead letter is not explained when %s', async (_why, code, faults) => {
  expect(await isExplained(code, faults)).toBe(false);
});
