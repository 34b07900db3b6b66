import { type FakeDlq, fakeDlq, LETTERS, UNSEEN, WORK } from '../../../test/fakes/cli/fake-dlq';
import { NOW } from '../../../test/fakes/cli/fake-session';
import type { MoveState } from '../../ports/queues';

let dlq: FakeDlq;
beforeEach(() => {
  dlq = fakeDlq();
});

describe('spillway dlq redrive', () => {
  test('makes jobs of the letters that are meant, and runs the scaler at once', async () => {
    const { text } = await dlq.run('dlq redrive --fault AccessDenied --older-than 5h');
    expect(dlq.work.messages.map(({ body }) => body)).toEqual(['body 6', 'body 9', 'body 12']);
    expect(text).toContain('3 dead letters of AccessDenied, older than 5h are jobs again.');
    expect(dlq.letters.messages).toHaveLength(10);
    expect(dlq.invocations).toEqual(['spillway-dev-photos-scaler']);
  });

  test('changes nothing in a dry run', async () => {
    const { text } = await dlq.run('dlq redrive --dry-run --json');
    expect(JSON.parse(text)).toMatchObject({ redriven: 13, dryRun: true });
    expect([dlq.letters.messages.length, dlq.work.messages.length, dlq.invocations.length]).toEqual(
      [13, 0, 0],
    );
  });

  test('is no faster than it may be', async () => {
    await dlq.run('dlq redrive --rate 2 --newer-than 300h');
    expect(dlq.clock.now - NOW).toBeGreaterThanOrEqual(5_500);
  });

  test('without a filter lets SQS move all, to a destination that it names', async () => {
    const states: MoveState[] = [
      { status: 'RUNNING', moved: 5, toMove: 13 },
      { status: 'COMPLETED', moved: 13, toMove: 13 },
    ];
    dlq.move = { state: async () => states.shift() as MoveState, cancel: async () => undefined };
    const { text, error } = await dlq.run('dlq redrive --rate 300 --json');
    expect(error).toBeUndefined();
    expect(dlq.moved).toEqual([LETTERS, WORK, 300]);
    expect(JSON.parse(text)).toMatchObject({ redriven: 13, by: 'sqs' });
    expect(dlq.invocations).toHaveLength(1);
  });

  test('cancels the move of SQS when it is asked to stop', async () => {
    let isCancelled = false;
    dlq.move = {
      state: async () => ({ status: isCancelled ? 'CANCELLED' : 'RUNNING', moved: 5 }),
      cancel: async () => {
        isCancelled = true;
      },
    };
    const { error } = await dlq.run('dlq redrive', { stop: AbortSignal.abort() });
    expect(error).toMatchObject({
      name: 'InterruptError',
      message: expect.stringContaining('about 5 letters'),
    });
  });

  test('fails with the reason of SQS when its move fails', async () => {
    dlq.move = {
      state: async () => ({ status: 'FAILED', moved: 0, failure: 'AccessDenied' }),
      cancel: async () => undefined,
    };
    expect((await dlq.run('dlq redrive')).error).toMatchObject({
      message: expect.stringContaining('(AccessDenied)'),
    });
  });

  test('says how far the move is, and that it leaves what another reader holds', async () => {
    await dlq.hide(10);
    dlq.move = {
      state: async () => ({ status: 'COMPLETED', moved: 2, toMove: 3 }),
      cancel: async () => undefined,
    };
    const { shown, warnings, text } = await dlq.run('dlq redrive --json');
    expect(shown).toEqual(['redrive [################--------] 2/3']);
    expect(warnings).toContain(`10${UNSEEN}`);
    expect(JSON.parse(text)).toMatchObject({ hidden: 10 });
  });

  test('says how many are jobs again when AWS fails on the way, and runs the scaler', async () => {
    const send = dlq.work.send.bind(dlq.work);
    dlq.work.send = async (messages) => {
      if (dlq.work.messages.length > 0)
        throw Object.assign(new Error('No.'), { name: 'AccessDenied' });
      return send(messages);
    };
    const { error } = await dlq.run('dlq redrive --newer-than 300h');
    expect(error).toMatchObject({
      name: 'RefusalError',
      message: expect.stringMatching(/^AWS denies access \(No\)/),
    });
    expect(String(error)).toContain(
      '10 letters are jobs again, the others are still dead letters: nothing is lost, and at ' +
        'most ten are both.',
    );
    expect(dlq.invocations).toHaveLength(1);
  });

  test('says of AWS alone when it fails before a letter is a job again', async () => {
    dlq.work.send = async () => {
      throw new Error('No.');
    };
    expect((await dlq.run('dlq redrive --newer-than 300h')).error).toMatchObject({
      message: 'No.',
    });
    expect(dlq.invocations).toEqual([]);
  });

  test('says how far a move was that can no longer be followed, and runs the scaler', async () => {
    const states: MoveState[] = [{ status: 'RUNNING', moved: 5, toMove: 13 }];
    const state = async () => {
      const next = states.shift();
      if (next) return next;
      throw Object.assign(new Error('No.'), { name: 'AccessDenied' });
    };
    dlq.move = { state, cancel: async () => undefined };
    const { error } = await dlq.run('dlq redrive');
    expect(error).toMatchObject({
      message: expect.stringContaining(
        'About 5 letters are jobs again, and SQS continues to move the others',
      ),
    });
    expect(dlq.invocations).toHaveLength(1);
  });

  test('without a filter falls back to receiving and sending, and says so', async () => {
    const { warnings } = await dlq.run('dlq redrive');
    expect(warnings).toContain('has no call that moves messages');
    expect([dlq.letters.messages.length, dlq.work.messages.length]).toEqual([0, 13]);
  });

  test('fails when the work queue does not take a letter, and says how many', async () => {
    dlq.work.faults.send = () => 'InternalError';
    const { error } = await dlq.run('dlq redrive --fault AccessDenied');
    expect(error).toMatchObject({
      message: expect.stringContaining('did not take 4 letters, still'),
    });
    expect(dlq.letters.messages).toHaveLength(13);
  });
});
