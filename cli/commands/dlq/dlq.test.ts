import type { Move, MoveState } from '../../ports';
import { type QueueDouble, queueDouble } from '../../queue-double';
import { NOW, type Surroundings, tryCommand } from '../../session-double';

const HOUR = 3_600_000;
const WORK = 'spillway-dev-photos-work';
const LETTERS = 'spillway-dev-photos-dead-letters';

let clock: { now: number };
let work: QueueDouble;
let letters: QueueDouble;
let kicks: string[];
let move: Move | undefined;
let moved: unknown[];

beforeEach(() => {
  clock = { now: NOW };
  work = queueDouble(() => clock.now);
  letters = queueDouble(() => clock.now);
  kicks = [];
  moved = [];
  move = undefined;
  for (let number = 1; number <= 12; number += 1) {
    const attributes = {
      FaultCode: number % 3 === 0 ? 'AccessDenied' : 'Undecodable',
      FaultMessage: 'Because.',
      SourceKey: `ecsproc%2F${number}.jpg`,
      FailedAt: new Date(NOW - number * HOUR).toISOString(),
    };
    letters.put(`body ${number}`, attributes, NOW - number * HOUR);
  }
  letters.put('{"Records":[]}', {}, NOW - 9 * HOUR);
});

const run = (line: string, more: Surroundings = {}) =>
  tryCommand(line, {
    clock,
    ...more,
    account: {
      queues: {
        open: async (name) => {
          const queue = { [WORK]: work, [LETTERS]: letters }[name];
          if (queue) return queue;
          throw new Error(`no queue ${name}`);
        },
        moveAll: async (...how) => {
          moved = how;
          return move;
        },
      },
      scaler: {
        variables: async () => ({}),
        lastRun: async () => undefined,
        invoke: async (name) => void kicks.push(name),
      },
    },
  });

const hidden = (count: number) => letters.receive(count, 30);
const UNSEEN = ' more dead letters could not be seen, since somebody else looks at them';

describe('spillway dlq', () => {
  test.each([
    ['list', 'dlq list', 'looking at the dead letters [###############'],
    ['show', 'dlq show', 'looking at the dead letters [###############'],
    [
      'a redrive',
      'dlq redrive --fault AccessDenied',
      'looked at [##################------] 10/13, 3 redriven',
    ],
    ['a purge', 'dlq purge --fault AccessDenied --yes', 'purge [########################] 4/4'],
  ])('shows how far %s is', async (_title, line, bar) => {
    const { shown } = await run(line);
    expect(shown).toContainEqual(expect.stringContaining(bar));
  });

  test.each([
    'list',
    'show --limit 100',
    'redrive --dry-run',
    'redrive --fault Undecodable',
    'purge --dry-run --key **',
  ])('%s says that it could not see letters which somebody else has', async (words) => {
    await hidden(10);
    expect((await run(`dlq ${words}`)).notes).toContain(`10${UNSEEN}`);
  });

  test('show says so also where it finds none', async () => {
    await hidden(10);
    expect((await run('dlq show --fault TooManyPages')).notes).toContain(`10${UNSEEN}`);
  });

  test.each(['list', 'show'])("%s gives the terminal no letter's escape sequences", async (words) => {
    const evil = 'a\u001b]0;b\u0007\u009b2J\nc';
    letters.put(evil, { FaultCode: 'Internal', FaultMessage: evil, SourceKey: encodeURIComponent(evil) });
    const { text } = await run(`dlq ${words} --fault Internal`);
    expect(text).not.toMatch(/[^\n\P{Cc}]/u);
    expect(text).toContain('a\\u{1b}]0;b\\u{7}\\u{9b}2J\\u{a}c');
  });
});

describe('spillway dlq list', () => {
  test('counts by fault code and shows each letter', async () => {
    const { text, error } = await run('dlq list');
    expect(error).toBeUndefined();
    expect(text).toContain('13 dead letters (photos in dev)\n8 Undecodable, 4 AccessDenied, 1 Unattributed');
    expect(text).toMatch(/^3 hours ago +AccessDenied +ecsproc\/3\.jpg +Because\. +m3$/m);
  });

  test('counts all, and shows as many as it is asked for', async () => {
    const { text } = await run('dlq list --limit 2 --fault Undecodable');
    expect(text).toContain('8 dead letters of Undecodable');
    expect(text).toContain('… and 6 more: --limit 8 shows them.');
    expect(text.match(/Because/g)).toHaveLength(2);
  });

  test('gives one JSON document with everything', async () => {
    const document = JSON.parse((await run("dlq list --json --key 'ecsproc/1*.jpg'")).text);
    expect(document).toMatchObject({
      total: 4,
      byFaultCode: { Undecodable: 3, AccessDenied: 1 },
      isComplete: true,
    });
    expect(document.letters[0]).toEqual({
      messageId: 'm1',
      code: 'Undecodable',
      message: 'Because.',
      keys: ['ecsproc/1.jpg'],
      receiveCount: null,
      at: '2026-01-10T11:00:00.000Z',
      body: 'body 1',
    });
  });

  test('says that an end was asked for, after all letters have been given back', async () => {
    const { error } = await run('dlq list', { stop: AbortSignal.abort() });
    expect(error).toMatchObject({ name: 'Stopped' });
    expect(letters.messages.every(({ visibleAt }) => visibleAt === 0)).toBe(true);
  });
});

describe('spillway dlq show', () => {
  test('shows a letter as a whole', async () => {
    const { text } = await run('dlq show --fault Unattributed');
    expect(text).toContain('Unattributed: moved by the queue');
    expect(text).toContain('  given up  2026-01-10T03:00:00.000Z, 9 hours ago');
    expect(text).toContain('  body      {"Records":[]}');
  });

  test('fails when there is none', async () => {
    expect((await run('dlq show --fault TooManyPages')).error).toMatchObject({
      message: expect.stringContaining('there is no such dead letter'),
    });
  });
});

describe('spillway dlq redrive', () => {
  test('makes jobs of the letters that are meant, and runs the scaler at once', async () => {
    const { text } = await run('dlq redrive --fault AccessDenied --older-than 5h');
    expect(work.messages.map(({ body }) => body)).toEqual(['body 6', 'body 9', 'body 12']);
    expect(text).toContain('3 dead letters of AccessDenied, older than 5h are jobs again.');
    expect(letters.messages).toHaveLength(10);
    expect(kicks).toEqual(['spillway-dev-photos-scaler']);
  });

  test('changes nothing in a dry run', async () => {
    const { text } = await run('dlq redrive --dry-run --json');
    expect(JSON.parse(text)).toMatchObject({ redriven: 13, dryRun: true });
    expect([letters.messages.length, work.messages.length, kicks.length]).toEqual([13, 0, 0]);
  });

  test('is no faster than it may be', async () => {
    await run('dlq redrive --rate 2 --newer-than 300h');
    expect(clock.now - NOW).toBeGreaterThanOrEqual(5_500);
  });

  test('without a filter lets SQS move all, to a destination that it names', async () => {
    const states: MoveState[] = [
      { status: 'RUNNING', moved: 5, toMove: 13 },
      { status: 'COMPLETED', moved: 13, toMove: 13 },
    ];
    move = { state: async () => states.shift() as MoveState, cancel: async () => undefined };
    const { text, error } = await run('dlq redrive --rate 300 --json');
    expect(error).toBeUndefined();
    expect(moved).toEqual([LETTERS, WORK, 300]);
    expect(JSON.parse(text)).toMatchObject({ redriven: 13, by: 'sqs' });
    expect(kicks).toHaveLength(1);
  });

  test('cancels the move of SQS when it is asked to stop', async () => {
    let isCancelled = false;
    move = {
      state: async () => ({ status: isCancelled ? 'CANCELLED' : 'RUNNING', moved: 5 }),
      cancel: async () => {
        isCancelled = true;
      },
    };
    const { error } = await run('dlq redrive', { stop: AbortSignal.abort() });
    expect(error).toMatchObject({ name: 'Stopped', message: expect.stringContaining('about 5 letters') });
  });

  test('fails with the reason of SQS when its move fails', async () => {
    move = {
      state: async () => ({ status: 'FAILED', moved: 0, failure: 'AccessDenied' }),
      cancel: async () => undefined,
    };
    expect((await run('dlq redrive')).error).toMatchObject({
      message: expect.stringContaining('(AccessDenied)'),
    });
  });

  test('says how far the move of SQS is, and that it leaves what somebody else has', async () => {
    await hidden(10);
    move = {
      state: async () => ({ status: 'COMPLETED', moved: 2, toMove: 3 }),
      cancel: async () => undefined,
    };
    const { shown, notes, text } = await run('dlq redrive --json');
    expect(shown).toEqual(['redrive [################--------] 2/3']);
    expect(notes).toContain(`10${UNSEEN}`);
    expect(JSON.parse(text)).toMatchObject({ hidden: 10 });
  });

  test('says how many are jobs again when AWS fails on the way, and runs the scaler', async () => {
    const send = work.send.bind(work);
    work.send = async (messages) => {
      if (work.messages.length > 0) throw Object.assign(new Error('No.'), { name: 'AccessDenied' });
      return send(messages);
    };
    const { error } = await run('dlq redrive --newer-than 300h');
    expect(error).toMatchObject({
      name: 'Refused',
      message: expect.stringMatching(/^AWS denies access \(No\)/),
    });
    expect(String(error)).toContain(
      '10 letters are jobs again, the others are dead letters still: nothing is lost, and at most ten are both.',
    );
    expect(kicks).toHaveLength(1);
  });

  test('says of AWS alone when it fails before a letter is a job again', async () => {
    work.send = async () => {
      throw new Error('No.');
    };
    expect((await run('dlq redrive --newer-than 300h')).error).toMatchObject({ message: 'No.' });
    expect(kicks).toEqual([]);
  });

  test('says how far the move of SQS was when it can no longer be looked at, and runs the scaler', async () => {
    const states: MoveState[] = [{ status: 'RUNNING', moved: 5, toMove: 13 }];
    const state = async () => {
      const next = states.shift();
      if (next) return next;
      throw Object.assign(new Error('No.'), { name: 'AccessDenied' });
    };
    move = { state, cancel: async () => undefined };
    const { error } = await run('dlq redrive');
    expect(error).toMatchObject({
      message: expect.stringContaining('About 5 letters are jobs again, and SQS goes on moving the others'),
    });
    expect(kicks).toHaveLength(1);
  });

  test('without a filter falls back to receiving and sending, and says so', async () => {
    const { notes } = await run('dlq redrive');
    expect(notes).toContain('cannot move messages by itself');
    expect([letters.messages.length, work.messages.length]).toEqual([0, 13]);
  });

  test('fails when the work queue does not take a letter, and says how many', async () => {
    work.faults.send = () => 'InternalError';
    const { error } = await run('dlq redrive --fault AccessDenied');
    expect(error).toMatchObject({ message: expect.stringContaining('did not take 4 letters, still') });
    expect(letters.messages).toHaveLength(13);
  });
});

describe('spillway dlq purge', () => {
  test('asks for the name of the pipeline, and deletes the letters that are meant', async () => {
    const { asked, text } = await run('dlq purge --fault AccessDenied', { typed: 'photos' });
    expect(asked).toEqual([
      'This deletes 4 dead letters of AccessDenied of photos in dev, for good.\nType photos to do it:',
    ]);
    expect(text).toContain('4 dead letters of AccessDenied were deleted.');
    expect(letters.messages).toHaveLength(9);
    expect(letters.isPurged).toBe(false);
  });

  test.each(['', 'yes', 'photo'])('fails when %j is typed, and deletes nothing', async (typed) => {
    expect((await run('dlq purge', { typed })).error).toMatchObject({ message: 'nothing was deleted.' });
    expect(letters.messages).toHaveLength(13);
  });

  test('never deletes a letter that has come since it counted', async () => {
    let receives = 0;
    letters.beforeReceive = () => {
      receives += 1;
      if (receives === 5) letters.put('late', { FaultCode: 'AccessDenied' });
    };
    const { text } = await run('dlq purge --fault AccessDenied --yes --json');
    expect(JSON.parse(text)).toMatchObject({ matching: 4, purged: 4 });
    expect(letters.messages.map(({ body }) => body)).toContain('late');
  });

  test('without a filter empties the queue, and says of how many by then', async () => {
    await hidden(3);
    const depth = letters.depth.bind(letters);
    letters.depth = async () => {
      const before = await depth();
      for (let number = 1; number <= 500; number += 1) letters.put('late');
      return before;
    };
    const { asked, text } = await run('dlq purge', { typed: 'photos' });
    expect(asked).toEqual([
      'This empties the dead-letter queue of photos in dev, for good: about 13 dead letters now, hidden ones counted in, and all that come until a minute after your answer.\nType photos to do it:',
    ]);
    expect(text).toBe('The dead-letter queue was emptied of about 513 dead letters.');
    expect(letters.isPurged).toBe(true);
  });

  test('without a filter tells a program that the queue was emptied', async () => {
    const document = JSON.parse((await run('dlq purge --yes --json')).text);
    expect(document).toMatchObject({ approximateLetters: 13, emptied: true, dryRun: false });
  });

  test('without a filter empties no queue that is empty', async () => {
    await letters.purge();
    letters.isPurged = false;
    expect((await run('dlq purge --yes')).text).toBe('There are no dead letters. Nothing was changed.');
    expect(letters.isPurged).toBe(false);
  });

  test('without a filter says in a dry run what it would do', async () => {
    const { text } = await run('dlq purge --dry-run');
    expect(text).toBe('Would empty the dead-letter queue of about 13 dead letters. Nothing was changed.');
    expect(letters.isPurged).toBe(false);
  });

  test('says in a dry run how many there are', async () => {
    expect((await run('dlq purge --dry-run --older-than 10h')).text).toContain('Would delete 3 dead letters');
    expect(letters.messages).toHaveLength(13);
  });

  test.each([
    ['nobody is at a terminal', 'dlq purge', {}],
    ['a program reads the answer', 'dlq purge --json', { typed: 'photos' }],
  ])('fails without --yes when %s', async (_title, line, more) => {
    expect((await run(line, more)).error).toMatchObject({ message: expect.stringContaining('say --yes') });
  });

  test('fails when letters that were counted are not deleted', async () => {
    letters.faults.remove = (index) => (index === 0 ? 'InternalError' : undefined);
    expect((await run('dlq purge --fault AccessDenied --yes')).error).toMatchObject({
      message: expect.stringContaining('2 letters of these could not be deleted'),
    });
  });
});
