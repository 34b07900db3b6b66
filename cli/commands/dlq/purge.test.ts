import { type FakeDlq, fakeDlq } from '../../../test/fakes/cli/fake-dlq';

let dlq: FakeDlq;
beforeEach(() => {
  dlq = fakeDlq();
});

describe('spillway dlq purge', () => {
  test('asks for the name of the pipeline, and deletes the letters that are meant', async () => {
    const { asked, text } = await dlq.run('dlq purge --fault AccessDenied', { typed: 'photos' });
    expect(asked).toEqual([
      'This deletes 4 dead letters of AccessDenied of photos in dev permanently.\nType photos ' +
        'to do it:',
    ]);
    expect(text).toContain('4 dead letters of AccessDenied were deleted.');
    expect(dlq.letters.messages).toHaveLength(9);
    expect(dlq.letters.isPurged).toBe(false);
  });

  test.each(['', 'yes', 'photo'])('fails when %j is typed, and deletes nothing', async (typed) => {
    expect((await dlq.run('dlq purge', { typed })).error).toMatchObject({
      message: 'nothing was deleted.',
    });
    expect(dlq.letters.messages).toHaveLength(13);
  });

  test('never deletes a letter that has come since it counted', async () => {
    let receives = 0;
    dlq.letters.beforeReceive = () => {
      receives += 1;
      if (receives === 5) dlq.letters.put('late', { FaultCode: 'AccessDenied' });
    };
    const { text } = await dlq.run('dlq purge --fault AccessDenied --yes --json');
    expect(JSON.parse(text)).toMatchObject({ matching: 4, purged: 4 });
    expect(dlq.letters.messages.map(({ body }) => body)).toContain('late');
  });

  test('without a filter empties the queue, and says of how many by then', async () => {
    await dlq.hide(3);
    const depth = dlq.letters.depth.bind(dlq.letters);
    dlq.letters.depth = async () => {
      const before = await depth();
      for (let number = 1; number <= 500; number += 1) dlq.letters.put('late');
      return before;
    };
    const { asked, text } = await dlq.run('dlq purge', { typed: 'photos' });
    expect(asked).toEqual([
      'This empties the dead-letter queue of photos in dev permanently: about 13 dead letters ' +
        'now, hidden ones counted in, and all that come until a minute after your answer.\nType ' +
        'photos to do it:',
    ]);
    expect(text).toBe('The dead-letter queue was emptied of about 513 dead letters.');
    expect(dlq.letters.isPurged).toBe(true);
  });

  test('without a filter tells a program that the queue was emptied', async () => {
    const document = JSON.parse((await dlq.run('dlq purge --yes --json')).text);
    expect(document).toMatchObject({ approximateLetters: 13, emptied: true, dryRun: false });
  });

  test('without a filter empties no queue that is empty', async () => {
    await dlq.letters.purge();
    dlq.letters.isPurged = false;
    expect((await dlq.run('dlq purge --yes')).text).toBe(
      'There are no dead letters. Nothing was changed.',
    );
    expect(dlq.letters.isPurged).toBe(false);
  });

  test('without a filter says in a dry run what it would do', async () => {
    const { text } = await dlq.run('dlq purge --dry-run');
    expect(text).toBe(
      'Would empty the dead-letter queue of about 13 dead letters. Nothing was changed.',
    );
    expect(dlq.letters.isPurged).toBe(false);
  });

  test('says in a dry run how many there are', async () => {
    expect((await dlq.run('dlq purge --dry-run --older-than 10h')).text).toContain(
      'Would delete 3 dead letters',
    );
    expect(dlq.letters.messages).toHaveLength(13);
  });

  test.each([
    ['no one is at a terminal', 'dlq purge', {}],
    ['a program reads the answer', 'dlq purge --json', { typed: 'photos' }],
  ])('fails without --yes when %s', async (_title, line, more) => {
    expect((await dlq.run(line, more)).error).toMatchObject({
      message: expect.stringContaining('say --yes'),
    });
  });

  test('fails when letters that were counted are not deleted', async () => {
    dlq.letters.faults.remove = (index) => (index === 0 ? 'InternalError' : undefined);
    expect((await dlq.run('dlq purge --fault AccessDenied --yes')).error).toMatchObject({
      message: expect.stringContaining('2 letters of these could not be deleted'),
    });
  });
});
