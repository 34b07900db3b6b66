import { FakeAccount } from '../test/fakes/deployer/fake-account';
import { parseTarget } from './target';

const target = new FakeAccount().addPipeline('photos');
const read = (value: unknown) =>
  parseTarget('/p/target', typeof value === 'string' ? value : JSON.stringify(value));

describe('a target', () => {
  test('is what the stacks wrote', () => {
    expect(read(target)).toEqual(target);
  });

  test.each<[string, unknown, string]>([
    ['it is no JSON', '{', 'it is no JSON'],
    ['it is a list', '[]', 'it is no JSON object: []'],
    ['it is nothing', 'null', 'it is no JSON object: null'],
    [
      'a field is missing',
      { ...target, cluster: undefined },
      'cluster must be a text, but nothing was given',
    ],
    [
      'a field is of another type',
      { ...target, subnetIds: 'subnet-1' },
      'subnetIds must be a list of 1 to 16 subnet ids, but "subnet-1" was given',
    ],
    ['a list is empty', { ...target, securityGroupIds: [] }, 'securityGroupIds must be'],
    [
      'the template is no ARN',
      { ...target, templateRevision: 'worker:1' },
      'templateRevision must be the ARN of a task definition, but "worker:1" was given',
    ],
    [
      'several fields are wrong',
      { ...target, accountId: '1', architecture: 'mips' },
      'architecture must be one of arm64, x86_64, but "mips" was given; accountId must be ' +
        'twelve digits, but "1" was given',
    ],
  ])('fails when %s', (_what, value, sentence) => {
    const message = `The parameter /p/target does not describe a pipeline: ${sentence}`;
    expect(() => read(value)).toThrow(message);
    expect(() => read(value)).toThrow('Deploy the stacks of this environment again');
  });
});
