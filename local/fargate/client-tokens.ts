import { type Answer, refuse } from './answer';

interface Launch {
  readonly parameters: string;
  readonly answer: Promise<Answer>;
}

/**
 * The idempotency of RunTask:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html
 */
export class ClientTokens {
  private readonly launches = new Map<string, Launch>();

  /**
   * Launches once per token: a repeated request gets the first one's answer, also while that is
   * still under way, and the same token with other parameters is a conflict. A launch that failed
   * leaves its token free.
   */
  async once(
    token: string | undefined,
    parameters: string,
    launch: () => Promise<Answer>,
  ): Promise<Answer> {
    if (!token) return launch();
    const known = this.launches.get(token);
    if (known) {
      if (known.parameters === parameters) return known.answer;
      return refuse(
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
