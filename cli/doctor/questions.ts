import { isAbsent } from '../target/with-deployed';

/** What was not looked at, and why: an emulator does not know it, or a permission is missing. */
export interface UnseenPart {
  readonly what: string;
  readonly why: string;
}

export interface Question<Answer> {
  /** What is looked at. */
  readonly what: string;
  readonly ask: () => Promise<Answer | undefined>;
  /** Whether a deploy of the stacks makes it, so that it is missing where AWS has none. */
  readonly isPart: boolean;
}

export type Questions<Answers> = {
  readonly [Name in keyof Answers]: Question<NonNullable<Answers[Name]>>;
};

export function question<Answer>(
  what: string,
  ask: () => Promise<Answer | undefined>,
): Question<Answer> {
  return { what, ask, isPart: false };
}

/** A question that only a thing which the stacks have made can answer. */
export function part<Answer>(what: string, ask: () => Promise<Answer>): Question<Answer> {
  return { what, ask, isPart: true };
}

/** Questions to AWS. One without an answer is reported and hides no other. */
export class Inquiry {
  readonly unseen: UnseenPart[] = [];
  /** Parts of a deploy that are not there. */
  readonly missing: string[] = [];

  async ask<Answer>({ what, ask, isPart }: Question<Answer>): Promise<Answer | undefined> {
    try {
      const answer = await ask();
      if (answer === undefined) this.unseen.push({ what, why: 'AWS lists none of that name' });
      return answer;
    } catch (error) {
      if (isPart && isAbsent(error)) this.missing.push(what);
      else this.unseen.push({ what, why: inWords(error) });
      return undefined;
    }
  }

  /** Asks all at once; what is not answered is absent. */
  async askAll<Answers extends object>(questions: Questions<Answers>): Promise<Partial<Answers>> {
    const asked = Object.entries<Question<unknown>>(questions).map(
      async ([name, one]) => [name, await this.ask(one)] as const,
    );
    const answers = (await Promise.all(asked)).filter(([, answer]) => answer !== undefined);
    return Object.fromEntries(answers) as Partial<Answers>;
  }
}

function inWords(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
