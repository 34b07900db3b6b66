import { type AwsResponse, errorResponse } from './aws-http';

interface Launch {
  readonly parameters: string;
  readonly answer: Promise<AwsResponse>;
}

/**
 * The idempotency of RunTask:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
export class ClientTokens {
  private readonly launches = new Map<string, Launch>();

  /**
   * Launches once for each token. A repeated request gets the answer of the first one, even while
   * that is under way. The same token with other parameters is a conflict. After a failed launch
   * its token is free again.
   */
  async once(
    token: string | undefined,
    parameters: string,
    launch: () => Promise<AwsResponse>,
  ): Promise<AwsResponse> {
    if (!token) return launch();
    const known = this.launches.get(token);
    if (known) {
      if (known.parameters === parameters) return known.answer;
      return errorResponse(
        'ConflictException',
        `The client token ${token} was already used with other parameters.`,
      );
    }
    const answer = launch();
    this.launches.set(token, { parameters, answer });
    const forget = () => this.launches.delete(token);
    answer.then(({ status }) => status >= 400 && forget(), forget);
    return answer;
  }
}
