import { oneOf, setting, text, wholeNumber } from '../../../text/setting';
import type { VariableOf, Variables } from '../../../text/variables';
import { LABEL_WORDS, labelPatternFault } from './parts/label';

/** What a destination bucket gets: an object for each output, or shards of many samples. */
export const DESTINATION_KINDS = ['objects', 'shards'] as const;
export type DestinationKind = (typeof DESTINATION_KINDS)[number];

/**
 * Variables of the engine that only the task definition of a pipeline with shards fills. What a
 * part holds at most is also what a lost task costs at most.
 */
export const SHARD_VARIABLES = {
  destinationKind: {
    variable: 'DESTINATION_KIND',
    schema: setting(oneOf(DESTINATION_KINDS), 'objects', 'What the destination bucket gets.'),
  },
  samples: {
    variable: 'SHARD_SAMPLES',
    schema: setting(
      wholeNumber({ unit: 'samples', min: 1, max: 40_000 }),
      1_000,
      'Samples with which a part is closed; also those of a finished shard, if `dataset finish` ' +
        'is told nothing else.',
    ),
  },
  mebibytes: {
    variable: 'SHARD_MEBIBYTES',
    schema: setting(
      // A task that is stopped has to upload its open part before its drain deadline.
      wholeNumber({ unit: 'MiB', min: 1, max: 2_048 }),
      256,
      'Size with which a part is closed.',
    ),
  },
  seconds: {
    variable: 'SHARD_SECONDS',
    schema: setting(
      wholeNumber({ unit: 'seconds', min: 1, max: 21_600 }),
      300,
      'Time after its first sample with which a part is closed.',
    ),
  },
  label: {
    variable: 'SHARD_LABEL',
    schema: setting(
      text(
        `one of ${LABEL_WORDS.join(', ')}, or a regular expression with one group or a group ` +
          '`(?<label>…)`',
        (label) =>
          LABEL_WORDS.some((word) => word === label) || labelPatternFault(label) === undefined,
      ),
      'folder',
      'Where the label of a sample comes from.',
    ),
  },
} as const satisfies Variables;

/** A variable that only the task definition of a pipeline with shards fills. */
export type ShardVariable = VariableOf<typeof SHARD_VARIABLES>;
