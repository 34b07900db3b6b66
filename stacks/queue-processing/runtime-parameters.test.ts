import { planOf } from '../../application-code/images/outputs';
import { recipeHash } from '../../application-code/worker/src/job/recipe-hash';
import { parseRecipeRecord } from '../../contract/parameters';
import { KNOB_NAMES, KNOB_RULES } from '../../lambda/scaler/decision/knobs';
import { queueProcessing, resourceAt } from '../../test/fakes/stacks/queue-processing-in-stack';

const parameter = (stack: ReturnType<typeof queueProcessing>, name: string) =>
  resourceAt(stack, 'aws_ssm_parameter', `pipeline-photos_parameters_${name}`);
const leftAlone = { ignore_changes: ['value'] };

describe('the runtime parameters', () => {
  const stack = queueProcessing();

  test.each(KNOB_NAMES.map((knob) => KNOB_RULES[knob].parameter))(
    '%s starts as configured, and later deploys leave its value alone',
    (knob) => {
      expect(parameter(stack, knob)).toMatchObject({
        name: `/spillway/dev/photos/${knob}`,
        type: 'String',
        value: 'configured',
        lifecycle: leftAlone,
      });
    },
  );

  test('the promoted revision starts as `none`, and the delivery owns it', () => {
    expect(parameter(stack, 'task-definition')).toMatchObject({
      value: 'none',
      lifecycle: leftAlone,
    });
  });

  test('with an image in the settings every deploy promotes its own revision', () => {
    const image = 'ghcr.io/acme/worker:1';
    const given = parameter(
      queueProcessing({ pipelines: { photos: { image } } }),
      'task-definition',
    );
    expect(given.value).toBe('<pipeline-photos_task_task-definition arn>');
    expect(given).not.toHaveProperty('lifecycle');
  });

  test('the recipe starts as `none`, and the delivery owns it', () => {
    expect(parameter(stack, 'recipe')).toMatchObject({ value: 'none', lifecycle: leftAlone });
  });

  test('with an image in the settings, only a new recipe changes the deployed value', () => {
    const photos = { image: 'ghcr.io/acme/worker:1', recipe: [{ name: 'a', width: 9 }] };
    const recipeOf = (more: object) =>
      parameter(queueProcessing({ pipelines: { photos: { ...photos, ...more } } }), 'recipe');
    const given = recipeOf({});
    expect(parseRecipeRecord(String(given.value))?.renditions).toEqual([
      recipeHash(planOf({ name: 'a', width: 9 })),
    ]);
    expect(given).not.toHaveProperty('lifecycle');
    expect(recipeOf({ memoryMiB: 4096 }).value).toBe(given.value);
    expect(recipeOf({ recipe: [{ name: 'a', width: 8 }] }).value).not.toBe(given.value);
  });
});
