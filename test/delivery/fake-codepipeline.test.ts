import type { Action, PipelineDefinition } from './emulator-api';
import { type ActionEnd, type Artifact, runStages } from './fake-codepipeline';

const action = (name: string, more: Partial<Action> = {}): Action => ({
  name,
  actionTypeId: { provider: 'CodeBuild' },
  ...more,
});
const pipeline = (...stages: readonly (readonly Action[])[]): PipelineDefinition => ({
  name: 'p',
  arn: 'arn',
  roleArn: 'role',
  stages: stages.map((actions, index) => ({ name: `Stage${index + 1}`, actions })),
});
const done: ActionEnd = { succeeded: true, log: 'done', variables: {} };

describe('runStages', () => {
  test('plays stage after stage, and the actions of a stage by their run order', async () => {
    const played: string[] = [];
    const definition = pipeline([action('b', { runOrder: 2 }), action('a')], [action('c')]);
    const end = await runStages(definition, async ({ name }) => {
      played.push(name);
      return done;
    });
    expect(played).toEqual(['a', 'b', 'c']);
    expect(end).toEqual({ succeeded: true, logs: { a: 'done', b: 'done', c: 'done' } });
  });

  test('hands on variables by their namespace and artifacts by their name', async () => {
    const seen: [Action, readonly Artifact[]][] = [];
    const source = action('source', { outputArtifacts: [{ name: 'code' }], namespace: 'Source' });
    const build = action('build', {
      inputArtifacts: [{ name: 'code' }],
      configuration: { COMMIT: 'at #{Source.Id}' },
    });
    await runStages(pipeline([source], [build]), async (played, inputs) => {
      seen.push([played, inputs]);
      return { ...done, variables: { Id: '7' }, output: '/tmp/code', revision: 'v7' };
    });
    expect(seen[1]).toEqual([
      { ...build, configuration: { COMMIT: 'at 7' } },
      [{ folder: '/tmp/code', revision: 'v7' }],
    ]);
  });

  test(
    'fails when an action fails: its stage is played to the end, later stages are ' + 'not',
    async () => {
      const definition = pipeline([action('bad'), action('good')], [action('never')]);
      const end = await runStages(definition, async ({ name }) => ({
        ...done,
        succeeded: name !== 'bad',
      }));
      expect(end).toEqual({
        succeeded: false,
        stoppedAt: 'Stage1 bad',
        logs: { bad: 'done', good: 'done' },
      });
    },
  );

  test.each([
    ['a variable', action('late', { configuration: { A: '#{Missing.X}' } }), '#{Missing.X}'],
    ['an artifact', action('late', { inputArtifacts: [{ name: 'missing' }] }), 'missing'],
  ])(
    'fails when an action asks for %s that no earlier one has made',
    async (_what, late, named) => {
      await expect(runStages(pipeline([late]), async () => done)).rejects.toThrow(named);
    },
  );
});
