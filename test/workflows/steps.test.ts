import { spawnSync } from 'node:child_process';
import { StepRunner } from './step-runner';

let bench: StepRunner;
beforeEach(() => {
  bench = new StepRunner();
});
afterEach(() => bench.remove());

describe('the decision', () => {
  const NAME = 'Decide what can run';
  const set = {
    REGION: 'us-east-1',
    DEPLOY_ROLE: 'arn:deploy',
    DIFF_ROLE: 'arn:diff',
    FROM_OUTSIDE: 'false',
  };
  const decide = (change: Readonly<Record<string, string>>) =>
    bench.runStep('settings', NAME, { ...set, ...change });

  test('lets a pull request diff and a push deploy', () => {
    expect(decide({ EVENT: 'pull_request' })).toEqual({
      code: 0,
      printed: '',
      output: 'diff=true\n',
    });
    expect(decide({ EVENT: 'push', FROM_OUTSIDE: 'true' })).toEqual({
      code: 0,
      printed: '',
      output: 'deploy=true\n',
    });
  });

  test.each<[reason: string, change: Readonly<Record<string, string>>, said: string]>([
    [
      'a pull request comes from a fork',
      { EVENT: 'pull_request', FROM_OUTSIDE: 'true' },
      'No diff::A pull request of a fork',
    ],
    [
      'the reading role is not set',
      { EVENT: 'pull_request', DIFF_ROLE: '' },
      'AWS_DIFF_ROLE_ARN are not both set',
    ],
    [
      'the deploying role is not set',
      { EVENT: 'push', DEPLOY_ROLE: '' },
      'AWS_ROLE_ARN are not both set',
    ],
    ['the region is not set', { EVENT: 'push', REGION: '' }, 'No deploy::The variables AWS_REGION'],
  ])('lets nothing run and says so when %s', (_reason, change, said) => {
    const { code, printed, output } = decide(change);
    expect([code, output]).toEqual([0, '']);
    expect(printed).toMatch(/^::notice title=.*\n$/);
    expect(printed).toContain(said);
  });
});

describe('shared-state.sh', () => {
  const stack = (name: string, backend: object) =>
    bench.write(`cdktf.out/stacks/${name}/cdk.tf.json`, JSON.stringify({ terraform: { backend } }));

  test('is content when every stack of the environment keeps its state in S3', () => {
    stack('dev-core-infra', { s3: { bucket: 'states' } });
    stack('prod-core-infra', { local: {} });
    expect(bench.runFile('shared-state.sh', 'dev')).toMatchObject({ code: 0, printed: '' });
  });

  test('fails when a stack keeps its state in a file, and names it and the setting', () => {
    stack('dev-core-infra', { s3: { bucket: 'states' } });
    stack('dev-delivery', { local: { path: 'terraform.dev-delivery.tfstate' } });
    const { code, printed } = bench.runFile('shared-state.sh', 'dev');
    expect(code).toBe(1);
    expect(printed).toContain('::error::dev-delivery keeps its state in a file');
    expect(printed).toContain('set `backend` of the environment "dev" in blueprint.config.ts');
  });

  test('fails when nothing was synthesised', () => {
    expect(bench.runFile('shared-state.sh', 'dev').code).not.toBe(0);
  });
});

describe('diff.sh', () => {
  beforeEach(() => {
    for (const stack of ['dev-core-infra', 'dev-delivery', 'prod-core-infra'])
      bench.write(`cdktf.out/stacks/${stack}/cdk.tf.json`, '{}');
  });

  test('tells every stack of the environment alone, with its plan as the title', () => {
    bench.fake(
      'npx',
      'echo "$3 of $*"; [[ $3 == dev-delivery ]] && echo "Plan: 1 to add, 0 to change, 0 ' +
        'to destroy." || echo "No changes. Fine."',
    );
    const { code, output } = bench.runFile('diff.sh', 'dev');
    expect(code).toBe(0);
    expect(output).toMatch(/^text<<(end-\w+)\n.*\n\1\n$/s);
    expect(output).toContain('<summary><code>dev-core-infra</code> No changes.</summary>');
    expect(output).toContain(
      '<summary><code>dev-delivery</code> Plan: 1 to add, 0 to change, 0 to destroy.</summary>',
    );
    expect(output).toContain('dev-delivery of cdktf diff dev-delivery --skip-synth --no-color');
    expect(output).not.toContain('prod-');
  });

  test('fails when a diff fails, after it has told all', () => {
    bench.fake('npx', 'echo "said of $3"; [[ $3 != dev-core-infra ]]');
    const { code, output } = bench.runFile('diff.sh', 'dev');
    expect(code).toBe(1);
    expect(output).toContain(
      '<code>dev-core-infra</code> failed</summary>\n\n~~~~~~\nsaid of dev-core-infra',
    );
    expect(output).toContain('said of dev-delivery');
  });

  test('leaves out what comes before the plan', () => {
    bench.fake(
      'npx',
      'printf "Initializing …\\nTerraform used the selected providers to\\n  + a ' +
        'bucket\\nPlan: 1 to add.\\n"',
    );
    const { printed, output } = bench.runFile('diff.sh', 'dev');
    expect(output).toContain('~~~~~~\nTerraform used the selected providers to\n  + a bucket\n');
    expect(output).not.toContain('Initializing');
    expect(printed).toContain('Initializing');
  });

  test('keeps the end of a long failure, where its reason stands', () => {
    bench.fake(
      'npx',
      'for ((i = 0; i < 9000; i++)); do echo "line $i"; done; echo "Error: no credentials"; exit 1',
    );
    const { output } = bench.runFile('diff.sh', 'dev');
    expect(output).toContain('line 8999\nError: no credentials\n~~~~~~');
    expect(output).not.toContain('line 1\n');
    expect(output.length).toBeLessThan(65_536);
  });

  test('cuts what a comment could not hold, and whole characters alone', () => {
    bench.fake('npx', 'for ((i = 0; i < 9000; i++)); do printf "äöü€"; done');
    const { output } = bench.runFile('diff.sh', 'dev');
    expect(output.length).toBeLessThan(65_536);
    expect(output).toContain('… and more: see the log of this run.');
    expect(output).not.toContain('\uFFFD');
  });
});

/** `gh` has its own; CI installs one. */
const hasJq = spawnSync('jq', ['--version']).status === 0;

(hasJq ? describe : describe.skip)('the comment', () => {
  const NAME = 'Write or replace the comment';
  const environment = {
    GH_TOKEN: 'x',
    COMMENTS: 'repos/owner/name/issues',
    NUMBER: '7',
    TEXT: 'A `diff`\nof "two" lines $(exit 3)',
  };
  const MARKER = '<!-- spillway: cdktf diff -->';

  /** Plays `gh api`: lists the comments through the real jq, and keeps what is written. */
  const playComments = (comments: readonly object[]) => {
    bench.write('comments.json', JSON.stringify(comments));
    bench.fake(
      'gh',
      'if [[ $2 == --paginate ]]; then jq -r "$5" comments.json; else echo "$3 $4" >> ' +
        'calls; cp comment.md body; fi',
    );
  };

  test('is a new one at first', () => {
    playComments([{ id: 1, user: { login: 'github-actions[bot]' }, body: 'another report' }]);
    expect(bench.runStep('comment', NAME, environment)).toMatchObject({ code: 0, printed: '' });
    expect(bench.read('calls')).toBe('POST repos/owner/name/issues/7/comments\n');
    expect(bench.read('body')).toBe(`${MARKER}\n${environment.TEXT}\n`);
  });

  test('replaces its own comment, and never that of another author who copied its mark', () => {
    playComments([
      { id: 5, user: { login: 'another-author' }, body: `${MARKER} mine` },
      { id: 6, user: { login: 'github-actions[bot]' }, body: `${MARKER}\nbefore` },
    ]);
    expect(bench.runStep('comment', NAME, environment).code).toBe(0);
    expect(bench.read('calls')).toBe('PATCH repos/owner/name/issues/comments/6\n');
  });
});
