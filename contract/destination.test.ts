import { partsFolder } from '../application-code/worker/src/parts/part-keys';
import { SHARD_VARIABLES } from '../application-code/worker/src/shard-settings';
import { readVariables } from '../text/variables';
import { datasetPlaces, destinationVariables } from './destination';

const SHARDS = { kind: 'shards', samples: 500, mebibytes: 64, seconds: 60 } as const;

describe('destinationVariables', () => {
  test('leave the task definition of a worker that writes objects as it is', () => {
    expect(destinationVariables({ kind: 'objects' })).toEqual({});
  });

  test.each([
    ['folder', 'folder'],
    ['none', 'none'],
    [{ pattern: '^(\\w+)/' }, '^(\\w+)/'],
  ] as const)('say what the worker then reads, with the label %j', (label, read) => {
    const variables = destinationVariables({ ...SHARDS, label });
    const { kind, ...part } = SHARDS;
    expect(readVariables(SHARD_VARIABLES, variables)).toEqual({
      values: { ...part, destinationKind: kind, label: read },
      faults: new Map(),
    });
  });
});

test('a dataset has its parts where the worker writes them', () => {
  expect(datasetPlaces('processed/')[0]).toBe(partsFolder('processed/'));
});
