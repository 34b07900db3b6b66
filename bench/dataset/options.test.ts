import { readOptions } from './options';

test('nothing said means 5,000 samples in five shards, three rounds, and every subject', () => {
  expect(readOptions([])).toEqual({
    samples: 5_000,
    shardSamples: 1_000,
    rounds: 3,
    subjects: ['sharp', 'spillway', 'img2dataset', 'img2dataset-files', 'script', 'pillow'],
    json: false,
  });
});

test('sharp alone and the worker are there also when others are named', () => {
  expect(readOptions(['--subjects', 'pillow']).subjects).toEqual(['sharp', 'spillway', 'pillow']);
});

test('fails with every fault, what was given and what is allowed', () => {
  const args = ['--samples', '250', '--rounds', '0', '--subjects', 'ray'];
  expect(() => readOptions(args)).toThrow(
    [
      '--samples must be a multiple of 100 from 100 to 100000, but 250 was given; leave it out ' +
        'for 5000',
      '--rounds must be a whole number from 1 to 20, but 0 was given; leave it out for 3',
      '--subjects must be some of sharp,spillway,img2dataset,img2dataset-files,script,pillow, ' +
        'but ray was given; leave it out for all',
    ].join('\n'),
  );
});
