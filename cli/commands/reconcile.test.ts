import { outputsOf } from '../../application-code/images/outputs';
import { readMessage } from '../../application-code/worker/src/job/messages';
import { skippedMetadata } from '../../application-code/worker/src/job/skipped-outputs';
import { etagOf } from '../../test/fakes/bucket';
import {
  fakePipeline,
  pipelineToReconcile,
  workerRevision,
} from '../../test/fakes/cli/fake-pipeline';
import { tryCommand } from '../../test/fakes/cli/fake-session';

describe('spillway reconcile', () => {
  test('lists what has neither its outputs nor a dead letter, and changes nothing', async () => {
    const { account, work, invocations } = pipelineToReconcile();
    const { text, error } = await tryCommand('reconcile', { account });
    expect(error).toBeUndefined();
    expect(text.split('\n')).toEqual([
      'ecsproc/b b.jpg  lacks small, web',
      "ecsproc/d'.jpg  lacks small, web",
      '4 objects looked at: 2 without outputs and without a dead letter, 1 with a dead ' +
        'letter. To make jobs of them: npx spillway reconcile -e dev -p photos --enqueue',
    ]);
    expect([work.messages.length, invocations.length]).toEqual([0, 0]);
  });

  test('enqueues them as events that the worker reads, and runs the scaler at once', async () => {
    const { account, work, invocations } = pipelineToReconcile();
    const { text } = await tryCommand('reconcile --enqueue', { account });
    expect(text).toContain('2 are jobs now');
    const expected = { sourceBucket: 'source', sourcePrefix: 'ecsproc/' };
    expect(work.messages.flatMap(({ body }) => readMessage(body, expected))).toMatchObject([
      { kind: 'source', key: 'ecsproc/b b.jpg' },
      { kind: 'source', key: "ecsproc/d'.jpg" },
    ]);
    expect(invocations).toHaveLength(1);
  });

  test('counts what the recipe does without, and makes no job of it', async () => {
    const { account, buckets, pipeline: fake, work } = pipelineToReconcile();
    const recipe = [
      { name: 'small', width: 9 },
      { name: 'big', ifImpossible: 'skip' },
    ] as const;
    fake.worker = workerRevision({ RECIPE: JSON.stringify(recipe) });
    const said = skippedMetadata([{ name: 'big', because: 'too large' }], outputsOf(recipe));
    const metadata = { ...said, 'source-etag': `"${etagOf('x')}"` };
    buckets.objects.change('destination/processed/small/a.jpg', { metadata });
    const { text } = await tryCommand('reconcile --enqueue', { account });
    expect(text).not.toContain('a.jpg');
    expect(text).toContain('1 with an output that was skipped');
    expect(work.messages).toHaveLength(2);
  });

  test('fails with --orphans where outputs are planned by name: none is left over', async () => {
    const { account } = pipelineToReconcile();
    const { error } = await tryCommand('reconcile --orphans', { account });
    expect(String(error)).toMatch(/--orphans is for a workload whose outputs a manifest lists/);
  });

  test('prints one JSON document a line, the last one with the counts', async () => {
    const { account } = pipelineToReconcile();
    const { text } = await tryCommand('reconcile --json', { account });
    const lines = text.split('\n').map((line) => JSON.parse(line));
    expect(lines[0]).toEqual({
      key: 'ecsproc/b b.jpg',
      bytes: 1,
      missing: ['small', 'web'],
      enqueued: false,
    });
    expect(lines.at(-1)).toMatchObject({
      looked: 4,
      missing: 2,
      deadLettered: 1,
      position: "ecsproc/d'.jpg",
    });
  });

  test.each([
    ["--start-after 'ecsproc/b b.jpg'", ["ecsproc/d'.jpg"]],
    ['--older-than 2h', []],
  ])('with %s looks at less', async (option, keys) => {
    const { text } = await tryCommand(`reconcile --json ${option}`, {
      account: pipelineToReconcile().account,
    });
    const lines = text.split('\n').map((line) => JSON.parse(line));
    expect(lines.flatMap(({ key }) => key ?? [])).toEqual(keys);
  });

  test('says how to continue after an error', async () => {
    const { account, work } = pipelineToReconcile();
    let sends = 0;
    const send = work.send.bind(work);
    work.send = async (messages) => {
      sends += 1;
      if (sends === 2)
        throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
      return send(messages);
    };
    const { error } = await tryCommand('reconcile --enqueue --rate 1 --older-than 30m --json', {
      account,
    });
    expect(error).toMatchObject({
      message: expect.stringMatching(
        new RegExp(
          'asked too often.*To continue: npx spillway reconcile -e dev -p photos --enqueue ' +
            "--older-than 30m --rate 1 --json --start-after 'ecsproc/c\\.jpg'$",
        ),
      ),
    });
  });

  test('says how to continue at a request to stop', async () => {
    const asked = new AbortController();
    const { account, buckets } = pipelineToReconcile();
    const list = buckets.list.bind(buckets);
    buckets.list = (place, ...rest) => {
      if (place.bucket === 'destination') asked.abort();
      return list(place, ...rest);
    };
    const { error } = await tryCommand('reconcile', { account, stop: asked.signal });
    expect(error).toMatchObject({ name: 'InterruptError' });
    expect(String(error)).toContain("--start-after 'ecsproc/a.jpg'");
  });

  test.each(['', '--enqueue'])(
    'with %j says each 10,000 objects how to continue after it is killed',
    async (option) => {
      const { account, buckets, work } = fakePipeline();
      const keyOf = (number: number) => `ecsproc/${String(number).padStart(5, '0')}.jpg`;
      buckets.list = async function* (_place, prefix, startAfter = '') {
        if (prefix !== 'ecsproc/') return;
        for (let number = 1; number <= 20_001; number += 1)
          if (keyOf(number) > startAfter)
            yield { key: keyOf(number), bytes: 1, modifiedAt: 0, etag: 'e' };
      };
      // Less than a batch of them lack something.
      const lacking = new Set([3, 9_999, 10_000, 10_001].map(keyOf));
      buckets.look = async (_place, key) =>
        [...lacking].some((one) => key.includes(one.slice('ecsproc/'.length)))
          ? undefined
          : { bytes: 1, modifiedAt: 1, etag: 'e' };
      const sentWhenTold: number[] = [];
      const surroundings = { account, onWarning: () => sentWhenTold.push(work.messages.length) };
      const { warnings } = await tryCommand(`reconcile ${option} --older-than 1h`, surroundings);
      const command = `npx spillway reconcile -e dev -p photos ${option} --older-than 1h`.replace(
        '  ',
        ' ',
      );
      expect(warnings.split('\n')).toEqual([
        `10,000 objects looked at. To continue: ${command} --start-after '${keyOf(10_000)}'`,
        `20,000 objects looked at. To continue: ${command} --start-after '${keyOf(20_000)}'`,
      ]);
      expect(sentWhenTold).toEqual(option === '' ? [0, 0] : [3, 4]);
    },
  );

  test('shows how far it is each hundred objects', async () => {
    const { account, buckets } = fakePipeline();
    for (let number = 100; number < 350; number += 1)
      buckets.objects.put(`source/ecsproc/${number}.jpg`, 'x');
    const { shown } = await tryCommand('reconcile --enqueue', { account });
    expect(shown.filter((line) => line.includes('lack outputs'))).toEqual([
      '100 objects, 100 lack outputs, at ecsproc/199.jpg',
      '200 objects, 200 lack outputs, at ecsproc/299.jpg',
    ]);
  });

  test('prints no control character of a key, and a command that still reaches it', async () => {
    const { account, buckets } = fakePipeline();
    buckets.objects.put('source/ecsproc/\u001b[2J.jpg', 'x');
    const asked = new AbortController();
    buckets.look = async () => {
      asked.abort();
      return undefined;
    };
    const { text, error } = await tryCommand('reconcile', { account, stop: asked.signal });
    expect(text).toContain('ecsproc/\\u001b[2J.jpg  lacks small, web');
    expect(String(error)).toContain("--start-after $'ecsproc/\\u001b[2J.jpg'");
  });

  test('warns of what is on its way', async () => {
    const { account, work } = pipelineToReconcile();
    work.put('job');
    expect((await tryCommand('reconcile', { account })).warnings).toContain(
      '1 messages wait or are in flight',
    );
  });

  test('warns of dead letters that another reader holds', async () => {
    const { account, letters } = pipelineToReconcile();
    await letters.receive(10, 600);
    const { warnings, text } = await tryCommand('reconcile', { account });
    expect(warnings).toContain('1 dead letter cannot be seen now');
    expect(text).toContain('ecsproc/c.jpg  lacks');
  });

  test('fails when it is to begin at a key that can be none', async () => {
    const { error } = await tryCommand('reconcile --start-after a.jpg', {
      account: pipelineToReconcile().account,
    });
    expect(error).toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('begins with ecsproc/'),
    });
  });
});
