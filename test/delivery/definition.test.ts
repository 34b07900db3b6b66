import { readDefinition } from './definition';

const shown = (...resources: readonly object[]) => JSON.stringify({ values: { root_module: { resources } } });
const PIPELINE = {
  type: 'aws_codepipeline',
  values: {
    name: 'delivery',
    arn: 'arn:delivery',
    role_arn: 'arn:role',
    stage: [
      {
        name: 'Build',
        action: [
          {
            name: 'BuildArm64',
            provider: 'CodeBuild',
            run_order: 2,
            configuration: { ProjectName: 'build' },
            input_artifacts: ['Source'],
            output_artifacts: null,
            namespace: 'BuildArm64',
          },
        ],
      },
    ],
  },
};

describe('readDefinition', () => {
  test("reads a pipeline out of Terraform's state", () => {
    expect(readDefinition(shown({ type: 'aws_sns_topic', values: {} }, PIPELINE))).toEqual({
      name: 'delivery',
      arn: 'arn:delivery',
      roleArn: 'arn:role',
      stages: [
        {
          name: 'Build',
          actions: [
            {
              name: 'BuildArm64',
              provider: 'CodeBuild',
              runOrder: 2,
              configuration: { ProjectName: 'build' },
              inputArtifacts: ['Source'],
              outputArtifacts: [],
              namespace: 'BuildArm64',
            },
          ],
        },
      ],
    });
  });

  test.each([
    ['there is none', shown(), '0 were found'],
    ['there are two', shown(PIPELINE, PIPELINE), '2 were found'],
    ['nothing is deployed', '{}', '0 were found'],
  ])('fails when %s', (_what, text, message) => {
    expect(() => readDefinition(text)).toThrow(message);
  });
});
