import type { Figures } from '../../simulator/scenario';
import { ANY, type NumberTable } from './named-numbers';

/** What `--assume` may say, for `--help` and for errors. */
export const ASSUMPTIONS: NumberTable<Exclude<keyof Figures, 'freeAddresses'>> = {
  jobSeconds: { least: 0.001, most: 43_200, about: 'of a slot for one job' },
  jobSpread: { least: 0, most: 10, about: 'standard deviation of it, as a part of it' },
  startSeconds: { least: 0, most: 3_600, about: 'from RunTask to the first receive' },
  startSpread: { least: 0, most: 10, about: 'standard deviation of it, as a part of it' },
  interruptionsPerHour: { least: 0, most: 3_600, about: 'of one Spot task' },
  spotTasks: { least: 0, most: ANY, isWhole: true, about: 'for which Spot has capacity' },
  spotEndsAtSeconds: { least: 0, most: ANY, about: 'when the capacity for Spot ends' },
  onDemandVcpus: { least: 0, most: ANY, about: 'quota of the account' },
  spotVcpus: { least: 0, most: ANY, about: 'quota of the account' },
  duplicates: { least: 0, most: 1, about: 'part of the messages that SQS delivers twice' },
  failingTasks: { least: 0, most: 1, about: 'part of the tasks that end with an error at once' },
  outputsPerObject: { least: 0, most: 1_000, about: 'each one PUT, unless into shards' },
  sampleBytes: { least: 1, most: 1e9, about: 'of an object in a shard' },
  logBytesPerObject: { least: 0, most: 1e9, about: 'that a worker logs' },
};
