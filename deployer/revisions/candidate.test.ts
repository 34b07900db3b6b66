import fc from 'fast-check';
import { digestOf } from '../../test/fakes/account';
import { FakeAccount, uriOf } from '../../test/fakes/deployer/fake-account';
import type { Revision, TaskDefinition } from '../ports';
import { candidateOf, imageOfDigest, imageOfRevision } from './candidate';
import { registrable } from './registrable';

const target = new FakeAccount().addPipeline('photos');
const image = imageOfDigest(target, digestOf(1), 'c0ffee');

const revisionOf = (definition: TaskDefinition, tags: Revision['tags'] = {}): Revision => ({
  name: 'template:1',
  arn: target.templateRevision,
  isActive: true,
  definition,
  tags,
});

/** Any field that ECS may have one day, whatever it holds. */
const anyFields = fc.dictionary(
  fc.stringMatching(/^x[A-Za-z]{0,12}$/),
  fc.jsonValue().filter((value) => value !== null),
);

describe('a candidate', () => {
  test('loses no field of its template, of the task or of a container, known or unknown', () => {
    fc.assert(
      fc.property(anyFields, anyFields, anyFields, (task, worker, sidecar) => {
        const containers = [
          { ...sidecar, name: 'sidecar', image: 'sidecar:1', environment: [] },
          { ...worker, name: 'worker', image: 'worker:none', environment: [] },
        ];
        const described = {
          ...task,
          family: 'template',
          containerDefinitions: containers,
          taskDefinitionArn: 'arn',
          revision: 1,
          status: 'ACTIVE',
          requiresAttributes: [],
          compatibilities: ['FARGATE'],
          registeredAt: 1,
          registeredBy: 'an operator',
        };
        expect(candidateOf(revisionOf(registrable(described)), target, image).definition).toEqual({
          ...task,
          family: target.taskFamily,
          containerDefinitions: [containers[0], { ...containers[1], image: uriOf(1) }],
        });
      }),
    );
  });

  const plain = {
    family: 'template',
    containerDefinitions: [{ name: 'worker', image: 'x', environment: [] }],
  };

  test("has its template's tags without AWS's own, and says where it comes from", () => {
    const { tags } = candidateOf(
      revisionOf(plain, { team: 'a', 'aws:cloudformation:stack-name': 's' }),
      target,
      image,
    );
    expect(tags).toEqual({
      team: 'a',
      'spillway:template': target.templateRevision,
      'spillway:image-digest': digestOf(1),
      'spillway:commit': 'c0ffee',
    });
  });

  test('has a commit that a tag can hold', () => {
    const odd = imageOfDigest(target, digestOf(1), `v1{x}#é ${'y'.repeat(300)}`);
    const { tags } = candidateOf(revisionOf(plain), target, odd);
    expect(tags['spillway:commit']).toHaveLength(256);
    expect(tags['spillway:commit']).toMatch(/^v1_x__é y+$/);
  });

  test('fails when its template has no worker, naming the containers that there are', () => {
    const other = {
      family: 'f',
      containerDefinitions: [{ name: 'web', image: 'x', environment: [] }],
    };
    expect(() => candidateOf(revisionOf(other), target, image)).toThrow(
      'template:1 has no container worker, its containers are: web.',
    );
  });
});

describe('the image of a revision', () => {
  const running = (uri: string, tags: Revision['tags'] = {}) =>
    imageOfRevision(
      target,
      revisionOf(
        { family: 'f', containerDefinitions: [{ name: 'worker', image: uri, environment: [] }] },
        tags,
      ),
    );

  test('has a digest and its commit when it lies in the repository', () => {
    expect(running(uriOf(1), { 'spillway:commit': 'c0ffee' })).toEqual(image);
  });

  test('has no digest when it lies elsewhere', () => {
    expect(running(`elsewhere/worker@${digestOf(1)}`)).toEqual({
      uri: `elsewhere/worker@${digestOf(1)}`,
    });
  });
});
