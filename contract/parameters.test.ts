import { KNOB_NAMES, parseKnob } from '../lambda/scaler/knobs';
import { CONFIGURED, KNOB_PARAMETERS, TASK_DEFINITION_PARAMETER } from './parameters';

test('the knobs have the parameters that operators know', () => {
  expect(KNOB_PARAMETERS).toEqual([
    'enabled',
    'max-tasks',
    'jobs-per-task',
    'on-demand-base',
    'on-demand-weight',
    'spot-weight',
  ]);
  expect(KNOB_PARAMETERS).not.toContain(TASK_DEFINITION_PARAMETER);
});

test('no knob can mean the word for the configured value as a value of its own', () => {
  expect(KNOB_NAMES.map((knob) => parseKnob(knob, CONFIGURED))).toEqual(
    KNOB_NAMES.map(() => undefined),
  );
});
