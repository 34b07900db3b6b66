import { type Answers, type AwsDouble, clientOptions, startAwsDouble } from './fake-aws';

/**
 * Ports of one kind in a test file: each talks to a double of its own, which is stopped after its
 * test.
 * @param create makes the port of a client's options.
 */
export function doubledPort<Port>(create: (options: ReturnType<typeof clientOptions>) => Port) {
  const doubles: AwsDouble[] = [];
  afterEach(() => Promise.all(doubles.splice(0).map((double) => double.stop())));
  return {
    open: async (answers: Answers): Promise<Port> => {
      const double = await startAwsDouble(answers);
      doubles.push(double);
      return create(clientOptions(double));
    },
    /** What the port of this test has asked. */
    calls: () => doubles.flatMap(({ calls }) => calls),
  };
}
