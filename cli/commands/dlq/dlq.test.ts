import { type FakeDlq, fakeDlq, UNSEEN } from '../../../test/fakes/cli/fake-dlq';

let dlq: FakeDlq;
beforeEach(() => {
  dlq = fakeDlq();
});

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
    const { shown } = await dlq.run(line);
    expect(shown).toContainEqual(expect.stringContaining(bar));
  });

  test.each([
    'list',
    'show --limit 100',
    'redrive --dry-run',
    'redrive --fault Undecodable',
    'purge --dry-run --key **',
  ])('%s says that it could not see letters that another reader holds', async (words) => {
    await dlq.hide(10);
    expect((await dlq.run(`dlq ${words}`)).warnings).toContain(`10${UNSEEN}`);
  });

  test('show says so also where it finds none', async () => {
    await dlq.hide(10);
    expect((await dlq.run('dlq show --fault TooManyPages')).warnings).toContain(`10${UNSEEN}`);
  });

  test.each(['list', 'show'])(
    "%s prints to the terminal no letter's escape sequences",
    async (words) => {
      const evil = 'a\u001b]0;b\u0007\u009b2J\nc';
      dlq.letters.put(evil, {
        FaultCode: 'Internal',
        FaultMessage: evil,
        SourceKey: encodeURIComponent(evil),
      });
      const { text } = await dlq.run(`dlq ${words} --fault Internal`);
      expect(text).not.toMatch(/[^\n\P{Cc}]/u);
      expect(text).toContain('a\\u001b]0;b\\u0007\\u009b2J\\u000ac');
    },
  );
});

describe('spillway dlq list', () => {
  test('counts by fault code and shows each letter', async () => {
    const { text, error } = await dlq.run('dlq list');
    expect(error).toBeUndefined();
    expect(text).toContain(
      '13 dead letters (photos in dev)\n8 Undecodable, 4 AccessDenied, 1 Unattributed',
    );
    expect(text).toMatch(/^3 hours ago +AccessDenied +ecsproc\/3\.jpg +Because\.$/m);
  });

  test('counts all, and shows as many as it is asked for', async () => {
    const { text } = await dlq.run('dlq list --limit 2 --fault Undecodable');
    expect(text).toContain('8 dead letters of Undecodable');
    expect(text).toContain('… and 6 more: --limit 8 shows them.');
    expect(text.match(/Because/g)).toHaveLength(2);
  });

  test('prints one JSON document with everything', async () => {
    const document = JSON.parse((await dlq.run("dlq list --json --key 'ecsproc/1*.jpg'")).text);
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

  test('reports the request to stop after it has released all letters', async () => {
    const { error } = await dlq.run('dlq list', { stop: AbortSignal.abort() });
    expect(error).toMatchObject({ name: 'InterruptError' });
    expect(dlq.letters.visible).toBe(13);
  });
});

describe('spillway dlq show', () => {
  test('shows a letter as a whole', async () => {
    const { text } = await dlq.run('dlq show --fault Unattributed');
    expect(text).toContain('Unattributed: moved by the queue');
    expect(text).toContain('  given up  2026-01-10T03:00:00.000Z, 9 hours ago');
    expect(text).toContain('  body      {"Records":[]}');
  });

  test('fails without one', async () => {
    expect((await dlq.run('dlq show --fault TooManyPages')).error).toMatchObject({
      message: expect.stringContaining('there is no such dead letter'),
    });
  });
});
