import type { Environment } from '../../stacks/config/blueprint-config';
import { readStatus, type Status } from '../status/read-status';
import type { Target } from '../target/target';
import { RefusalError } from '../terminal/failures';
import { type Dependencies, findParts, questionsAbout, type Subject } from './dependencies';
import { Inquiry, question, type UnseenPart } from './questions';
import { QUOTAS, type QuotaValues, quotasFor } from './quotas';

/** The state of a pipeline, or why it has no state; neither where a permission is missing. */
interface Standing {
  readonly status?: Status;
  /** The sentence about the first missing part. */
  readonly undeployed?: string;
}

/** All that a doctor sees of a pipeline; what is absent was not looked at or is not there. */
export interface Examination extends Standing, Dependencies {
  /** When it was looked at, in milliseconds since the epoch. */
  readonly at: number;
  /** Whether a deploy has made anything of it. */
  readonly isDeployed: boolean;
  /** Parts of the deploy that are not there, although others are. */
  readonly missing: readonly string[];
  readonly quotas: QuotaValues;
  readonly unseen: readonly UnseenPart[];
}

const WHOLE = { isDeployed: true, hasScaler: true };

/** What a local run does not have. */
const NOT_LOCAL: readonly UnseenPart[] = [
  { what: 'the schedule of the scaler', why: 'a local run calls its scaler itself' },
  { what: 'quotas of the account', why: 'tasks of a local run are processes of this machine' },
  {
    what: 'free addresses of the subnets',
    why: 'tasks of a local run are processes of this machine',
  },
  {
    what: 'connection and trigger of the delivery',
    why: 'a local run takes its worker from this checkout',
  },
  { what: 'subscriptions of the topics', why: 'a local run has no alarms' },
  { what: 'events of an existing source bucket', why: 'a local run makes its own bucket' },
];

/**
 * Looks at everything at once. A question without an answer is reported and hides nothing else.
 * @param environment - absent for a local run.
 */
export async function examine(
  target: Target,
  environment: Environment | undefined,
  now: number,
): Promise<Examination> {
  const inquiry = new Inquiry();
  const standing = await standingOf(target, now, inquiry);
  const { undeployed, status } = standing;
  for (const [what, why] of Object.entries(status?.unknown ?? {}))
    inquiry.unseen.push({ what, why });
  const { unseen, missing } = inquiry;
  const seen = { at: now, ...standing, unseen, missing };
  const settings = environment?.pipelines[target.chosen.pipeline];
  if (!environment || !settings) {
    unseen.push(...NOT_LOCAL);
    return { ...seen, isDeployed: undeployed === undefined, quotas: {} };
  }
  // What is promoted needs every part; without a permission they are unknown.
  const isInDoubt = undeployed !== undefined || (status && !status.promoted);
  const parts = isInDoubt ? await findParts(target, inquiry) : WHOLE;
  const subject: Subject = { environment, settings, ...parts };
  const [dependencies, quotas] = await Promise.all([
    inquiry.askAll(questionsAbout(target, subject)),
    inquiry.askAll<QuotaValues>(quotaQuestions(target, subject)),
  ]);
  return { ...seen, isDeployed: parts.isDeployed, ...dependencies, quotas };
}

function quotaQuestions({ account }: Target, { environment, settings, isDeployed }: Subject) {
  const names = quotasFor(environment, settings, isDeployed);
  return Object.fromEntries(
    names.map((name) => [
      name,
      question(`quota ${QUOTAS[name].name}`, () => account.checkup.quota(QUOTAS[name])),
    ]),
  );
}

/**
 * A missing permission, also where a command would take it for a missing deploy.
 */
function isDenied(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    /^(AccessDenied(Exception)?|UnauthorizedOperation)$/.test(error.name) || isDenied(error.cause)
  );
}

async function standingOf(target: Target, now: number, inquiry: Inquiry): Promise<Standing> {
  try {
    return { status: await readStatus(target, now) };
  } catch (error) {
    if (isDenied(error)) {
      await inquiry.ask(question('the state of the pipeline', () => Promise.reject(error)));
      return {};
    }
    // `withDeployed` says what is missing and how it comes; all else is an error of its own.
    if (error instanceof RefusalError) return { undeployed: error.message };
    throw error;
  }
}
