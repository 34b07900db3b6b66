import { resolveBlueprint } from '../../stacks/config/load-config';
import { scenariosOf } from './scenarios';

const remarksIn = (region: string) => {
  const [environment] = resolveBlueprint({ environments: { dev: { region } } });
  if (!environment) throw new Error('the configuration has no environment');
  const question = { environment, pipeline: 'photos', objects: 10, arrive: 'burst', seed: 1 };
  return scenariosOf({ ...question, set: {}, compare: [], assumed: {} }).remarks;
};

test('prices are those of the region, where they are known', () => {
  expect(remarksIn('eu-west-1')).toContain(
    'Prices of eu-west-1 in November 2026, without free tiers and storage.',
  );
});

test('elsewhere those of us-east-1 stand in, which is said', () => {
  expect(remarksIn('ap-south-2')).toContainEqual(
    expect.stringMatching(
      /^Prices of us-east-1 .*; those of ap-south-2 are not known here, and .*: --price takes/,
    ),
  );
});
