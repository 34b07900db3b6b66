import { workflow } from './workflow';

const { concurrency, jobs } = workflow('deploy.yml');
const jobsThat = (grant: string) =>
  Object.keys(jobs).filter((name) => jobs[name]?.permissions?.[grant] === 'write');
const actionsOf = (job: string) =>
  jobs[job]?.steps.map(({ uses = '' }) => uses.replace(/@.*/, '')) ?? [];

describe('deploy.yml', () => {
  test('only jobs that settings let run have credentials of AWS', () => {
    expect(jobsThat('id-token')).toEqual(['diff', 'deploy']);
    expect(jobs.diff).toMatchObject({
      needs: 'settings',
      if: "needs.settings.outputs.diff == 'true'",
    });
    expect(jobs.deploy).toMatchObject({
      needs: 'settings',
      if: "needs.settings.outputs.deploy == 'true'",
    });
  });

  test('deploys behind the environment, and diffs with another role than it deploys with', () => {
    const roleOf = (job: string) =>
      jobs[job]?.steps.find(({ uses }) => uses?.startsWith('aws-actions/'))?.with?.[
        'role-to-assume'
      ];
    expect(jobs.deploy?.environment).toBe('dev');
    expect([roleOf('diff'), roleOf('deploy')]).toEqual([
      `\${{ vars.AWS_DIFF_ROLE_ARN }}`,
      `\${{ vars.AWS_ROLE_ARN }}`,
    ]);
  });

  test('runs no code of a pull request beside the token that comments', () => {
    expect(jobsThat('pull-requests')).toEqual(['comment']);
    expect(actionsOf('comment')).toEqual(['']);
    expect(jobs.comment?.steps[0]?.run).not.toMatch(/\b(npm|npx|node|bash)\b/);
  });

  test('looks at the state before it takes credentials', () => {
    for (const job of ['diff', 'deploy']) {
      const steps = jobs[job]?.steps.map(({ run, uses }) => run ?? uses ?? '') ?? [];
      const looks = steps.findIndex((step) => step.includes('shared-state.sh dev'));
      const takes = steps.findIndex((step) =>
        step.startsWith('aws-actions/configure-aws-credentials'),
      );
      expect([looks > 0, takes > looks]).toEqual([true, true]);
    }
  });

  test('never cancels a deploy', () => {
    expect(concurrency?.['cancel-in-progress']).toBe(`\${{ github.event_name == 'pull_request' }}`);
    expect(jobs.deploy).not.toHaveProperty('concurrency');
  });
});
