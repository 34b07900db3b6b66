import type { AwsResponse } from '../../../local/ecs/aws-http';
import type { RequestFault } from '../fault-proxy';

type Strike = RequestFault['strike'];

/** Answers in AWS's place: the request takes no effect. */
export const answered =
  (response: AwsResponse, said: string): Strike =>
  async ({ answer }) => {
    answer(response);
    return said;
  };

/** The connection breaks before the request takes effect. */
export const lost: Strike = async ({ reset }) => {
  reset();
  return 'it took no effect';
};

/** The connection breaks when the request has taken effect. */
export const unanswered: Strike = async ({ forward, reset }) => {
  await forward();
  reset();
  return 'it took effect';
};
