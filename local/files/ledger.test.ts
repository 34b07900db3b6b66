import type { FoundFile } from '../../folder/walk';
import type { CollectedOutput } from './collect';
import type { DeadLetterRecord } from './dead-letter';
import { balanceOf, Ledger, missingOutputs } from './ledger';

const file = (name: string): FoundFile => ({
  kind: 'file',
  path: `/f/${name}`,
  relativePath: name,
  bytes: 7,
});
const output = (key: string): CollectedOutput => ({
  name: 'one',
  key,
  path: `/out/${key}`,
  bytes: 3,
});
const letter = (key?: string): DeadLetterRecord => ({
  messageId: 'm',
  code: 'Undecodable',
  message: 'cut short',
  ...(key === undefined ? {} : { key }),
});

const expectedOf = (key: string, skipped: readonly string[] = []) =>
  ['small', 'large'].filter((name) => !skipped.includes(name)).map((name) => `${name}/${key}`);
const all = (key: string) => expectedOf(key).map(output);

function ledgerWith(...keys: readonly string[]): Ledger {
  const ledger = new Ledger();
  for (const key of keys) {
    ledger.uploading(key, file(key));
    ledger.uploaded(key);
  }
  return ledger;
}

const balance = (ledger: Ledger, isThere: (one: CollectedOutput) => boolean = () => true) =>
  balanceOf(ledger.uploadedEntries(), ledger.unmatchedDeadLetters(), (entry) =>
    missingOutputs(entry, expectedOf, isThere),
  );

describe('an object of a dataset', () => {
  test('counts as done once a part knows it, as a sample or as left out', () => {
    const ledger = new Ledger();
    for (const name of ['a', 'b', 'c']) {
      ledger.uploading(name, file(name));
      ledger.uploaded(name);
    }
    ledger.sampled('a', { kind: 'sample', bytes: 512 });
    ledger.sampled('b', { kind: 'left-out', because: 'too small' });
    ledger.sampled('stranger', { kind: 'sample', bytes: 512 });
    expect(ledger.figures()).toEqual({ uploaded: 3, done: 2, deadLettered: 0 });
  });
});

describe('balanceOf', () => {
  test('holds when every object has all its outputs or a dead letter', () => {
    const ledger = ledgerWith('a', 'b');
    ledger.collected('a', all('a'));
    ledger.deadLettered(letter('b'));
    expect(balance(ledger)).toMatchObject({ uploaded: 2, done: 1, deadLettered: 1, holds: true });
  });

  test('holds when an object has all its outputs except the skipped one', () => {
    const ledger = ledgerWith('a', 'b');
    const skipped = [{ name: 'large', because: 'too large' }];
    ledger.collected('a', [output('small/a')], skipped);
    ledger.collected('b', all('b'));
    expect(balance(ledger)).toMatchObject({ done: 2, holds: true });
    expect(ledger.uploadedEntries()[0]?.skipped).toEqual(skipped);
  });

  test('does not hold when an output is gone that only a manifest had listed', () => {
    const ledger = ledgerWith('a');
    ledger.collected('a', [output('a.out/1.png'), ...all('a')]);
    expect(balance(ledger).holds).toBe(true);
    expect(balance(ledger, ({ key }) => key !== 'a.out/1.png')).toMatchObject({
      holds: false,
      neither: [{ key: 'a', missing: 'a.out/1.png' }],
    });
  });

  test('holds when one object has two dead letters, since its event came twice', () => {
    const ledger = ledgerWith('a');
    ledger.deadLettered(letter('a'));
    ledger.deadLettered(letter('a'));
    expect(balance(ledger)).toMatchObject({ deadLettered: 1, holds: true });
  });

  test('fails when an object has neither, and says what is missing', () => {
    expect(balance(ledgerWith('a'))).toMatchObject({
      holds: false,
      neither: [{ key: 'a', missing: 'small/a, large/a' }],
    });
  });

  test('fails when one of several outputs was never fetched', () => {
    const ledger = ledgerWith('a');
    ledger.collected('a', [output('small/a')]);
    expect(balance(ledger)).toMatchObject({
      holds: false,
      neither: [{ key: 'a', missing: 'large/a' }],
    });
  });

  test('fails when a fetched output is no longer in out/', () => {
    const ledger = ledgerWith('a');
    ledger.collected('a', all('a'));
    expect(balance(ledger, (one) => one.key !== 'large/a')).toMatchObject({
      done: 0,
      holds: false,
    });
  });

  test('fails when an object has all its outputs and a dead letter', () => {
    const ledger = ledgerWith('a');
    ledger.collected('a', all('a'));
    ledger.deadLettered(letter('a'));
    expect(balance(ledger)).toMatchObject({ holds: false, both: ['a'] });
  });

  test.each([
    ['b', 'an object that was never uploaded'],
    [undefined, 'a message without a key'],
  ])('fails when a dead letter belongs to %s: %s', (key, _why) => {
    const ledger = ledgerWith('a');
    ledger.collected('a', all('a'));
    expect(ledger.deadLettered(letter(key))).toBe(false);
    expect(balance(ledger)).toMatchObject({ holds: false, strangers: [letter(key)] });
  });
});

describe('Ledger', () => {
  test('counts an object that was done before its upload was confirmed', () => {
    const ledger = new Ledger();
    ledger.uploading('a', file('a'));
    ledger.collected('a', all('a'));
    ledger.uploaded('a');
    expect(ledger.figures()).toEqual({ uploaded: 1, done: 1, deadLettered: 0 });
  });

  test('expects nothing of an upload that failed or is not confirmed', () => {
    const ledger = new Ledger();
    ledger.uploading('a', file('a'));
    ledger.uploading('b', file('b'));
    ledger.withdrawn('a');
    expect(ledger.uploadedEntries()).toEqual([]);
  });

  test('returns an object’s file once, so that its room is released once', () => {
    const ledger = ledgerWith('a');
    expect(ledger.settle('a')).toEqual(file('a'));
    expect(ledger.settle('a')).toBeUndefined();
    expect(ledger.settle('b')).toBeUndefined();
  });
});
