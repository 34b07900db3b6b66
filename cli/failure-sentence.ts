import { RollbackError } from '../deployer/rollback';
import { ConfigError } from '../stacks/config/config-error';
import { Refused, Stopped, UsageError } from './failures';

const OTHER_CREDENTIALS =
  'set AWS_PROFILE to a profile of ~/.aws/config, or sign in again (`aws sso login` or `aws login`)';

/** The sentence for an error of AWS, by its name: the services do not agree on them. */
const BY_NAME: readonly (readonly [names: RegExp, sentence: (message: string) => string])[] = [
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    (message) => `AWS credentials could not be loaded (${message}): ${OTHER_CREDENTIALS}.`,
  ],
  [
    /^(ExpiredToken(Exception)?|RequestExpired)$/,
    () => 'the AWS credentials have expired: sign in again (`aws sso login` or `aws login`).',
  ],
  [
    /^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature(Exception)?)$/,
    (message) => `AWS does not accept these credentials (${message}): ${OTHER_CREDENTIALS}.`,
  ],
  [
    /^(AccessDenied(Exception)?|UnauthorizedOperation)$/,
    (message) =>
      `AWS denies access (${message}): take credentials that may do it; \`--help\` of the command lists what it needs.`,
  ],
  [
    /^(ThrottlingException|Throttling|TooManyUpdates|TooManyRequestsException|RequestLimitExceeded)$/,
    (message) => `AWS is asked too often at the moment (${message}): try again in a minute.`,
  ],
];

/** Errors whose message is the whole sentence. */
const SENTENCES = [Refused, UsageError, Stopped, RollbackError];

const UNREACHABLE =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/** What is said of an error, and nothing else; undefined for a defect of ours, which deserves its stack. */
export function failureSentence(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ConfigError) return `the configuration has faults:\n${error.message}`;
  if (SENTENCES.some((kind) => error instanceof kind)) return error.message;
  const { name, message } = error;
  const known = BY_NAME.find(([names]) => names.test(name));
  if (known) return known[1](withoutPoint(message));
  if (name === 'TimeoutError' || UNREACHABLE.test(codeOf(error)))
    return `AWS could not be reached (${withoutPoint(message || codeOf(error))}): check the network, a proxy, and the region of the environment.`;
  if ('$fault' in error) return `AWS answers ${name}: ${withoutPoint(message)}.`;
  return error.cause === undefined ? undefined : failureSentence(error.cause);
}

/** Node tries every address of a host; their errors have one code. */
function codeOf(error: Error & { readonly code?: unknown }): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return String(Object(first).code ?? error.code ?? '');
}

const withoutPoint = (message: string) => message.trim().replace(/\.$/, '');
