const GIB = 1024;

/**
 * Memory in MiB that Fargate and Fargate Spot allow for each number of CPU units.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
 * The largest came in June 2026: https://github.com/aws-cloudformation/cfn-lint/pull/4668
 */
export const FARGATE_SIZES: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GIB, 2 * GIB]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16_384, steps(32, 120, 8)],
  [32_768, [60 * GIB, 120 * GIB, 244 * GIB]],
]);

/** Every number of CPU units that a task can have. */
export const CPU_UNITS: readonly number[] = [...FARGATE_SIZES.keys()];

/** Every memory that some task can have. */
export const MEMORY_MIB: readonly number[] = [...FARGATE_SIZES.values()].flat();

/** From and to a number of GiB, in MiB. */
function steps(from: number, to: number, by: number): readonly number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => (from + index * by) * GIB);
}
