import { WorkloadError } from '../../application-code/workloads';
import { RollbackError } from '../../deployer/rollback';
import { ConfigError } from '../../stacks/config/blueprint-config';

/** Exit codes of every command; `spillway --help` lists them. */
export const EXIT = { done: 0, refused: 1, usage: 2, stopped: 130 } as const;

/** AWS or the pipeline's state refuses. The message is a whole sentence and all that is shown. */
export class RefusalError extends Error {
  override readonly name = 'RefusalError';
}

/**
 * The command line or the configuration is wrong. The message is a whole sentence and all that is
 * shown.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * Ctrl-C, SIGTERM or another request to stop. The message says how far it went and how to continue.
 */
export class InterruptError extends Error {
  override readonly name = 'InterruptError';
}

const OTHER_CREDENTIALS =
  'set AWS_PROFILE to a profile of ~/.aws/config, or sign in again (`aws sso login` or `aws ' +
  'login`)';

/** The SDK does not say which profile it looked for. */
function profileInUse(): string {
  const profile = process.env.AWS_PROFILE;
  return profile ? `; AWS_PROFILE is ${JSON.stringify(profile)}, which may not be there` : '';
}

/** The sentence for an error of AWS, by its name: the services do not agree on them. */
const BY_NAME: readonly (readonly [names: RegExp, sentence: (message: string) => string])[] = [
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    (message) =>
      `AWS credentials could not be loaded (${message}${profileInUse()}): ${OTHER_CREDENTIALS}.`,
  ],
  [
    /^(ExpiredToken(Exception)?|RequestExpired)$/,
    () => 'the AWS credentials have expired: sign in again (`aws sso login` or `aws login`).',
  ],
  [
    new RegExp(
      '^(UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|' +
        'SignatureDoesNotMatch|InvalidAccessKeyId|IncompleteSignature(Exception)?)$',
    ),
    (message) => `AWS does not accept these credentials (${message}): ${OTHER_CREDENTIALS}.`,
  ],
  [
    /^(AccessDenied(Exception)?|UnauthorizedOperation)$/,
    (message) =>
      `AWS denies access (${message}): take credentials that may do it; \`--help\` of the ` +
      'command lists what it needs.',
  ],
  [
    /^(Throttling(Exception)?|TooManyUpdates|TooManyRequestsException|RequestLimitExceeded)$/,
    (message) => `AWS is asked too often at the moment (${message}): try again in a minute.`,
  ],
];

/** Errors whose message is the whole sentence. */
const SENTENCES = [RefusalError, UsageError, InterruptError, RollbackError, WorkloadError];

const UNREACHABLE =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/;

/** How OpenSSL calls a certificate that Node does not take, and Node one that is another host's. */
const UNTRUSTED =
  /^((DEPTH_ZERO_)?SELF_SIGNED_CERT\w*|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/**
 * The only sentence that is printed for an error; undefined for a defect of ours, which deserves
 * its stack.
 */
export function failureSentence(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof ConfigError) return `the configuration has faults:\n${error.message}`;
  if (SENTENCES.some((kind) => error instanceof kind)) return error.message;
  const { name, message } = error;
  const unfit = endpointSentence(error);
  if (unfit !== undefined) return unfit;
  const known = BY_NAME.find(([names]) => names.test(name));
  if (known) return known[1](withoutPoint(message));
  if (name === 'TimeoutError') return silenceSentence(error);
  if (UNREACHABLE.test(codeOf(error)))
    return (
      `AWS could not be reached (${withoutPoint(message || codeOf(error))}): check the network, ` +
      'a proxy, and the region of the environment.'
    );
  if ('$fault' in error) return `AWS answers ${name}: ${withoutPoint(message)}.`;
  return error.cause === undefined ? undefined : failureSentence(error.cause);
}

/** An error of the SDK, with what it and `aws/errors.ts` add to it. */
interface SdkError extends Error {
  readonly $endpoint?: string;
  readonly $response?: {
    readonly statusCode?: number;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

/** The sentence for an endpoint that is not AWS's. */
function endpointSentence(error: SdkError): string | undefined {
  const { message, $endpoint, $response } = error;
  const where = $endpoint ?? 'the endpoint';
  if ($endpoint !== undefined && !/^https?:\/\//.test($endpoint))
    return (
      `an endpoint of AWS must be a URL such as http://localhost:4566, but ${$endpoint} was ` +
      'given: fix or unset AWS_ENDPOINT_URL and its like, and `endpoint_url` in ~/.aws/config.'
    );
  if (UNTRUSTED.test(codeOf(error)))
    return (
      `the certificate of ${where} is not trusted (${withoutPoint(message)}): if a proxy of ` +
      'your network signs it, name the file with its root certificate in NODE_EXTRA_CA_CERTS; ' +
      'otherwise check AWS_ENDPOINT_URL and the clock.'
    );
  const type = $response?.headers?.['content-type'] ?? '';
  // The SDK leaves the answer with its error when it could not read it.
  if ($response && (error instanceof SyntaxError || type.includes('html')))
    return (
      `what answers at ${where} is not AWS (HTTP status ${$response.statusCode}, ` +
      `${type || 'no content type'}): check whether the network wants you to sign in, a proxy, ` +
      'and AWS_ENDPOINT_URL.'
    );
  return undefined;
}

/** No answer came, or not in time. */
function silenceSentence({ $endpoint: where = 'AWS' }: SdkError): string {
  const isLocal = /^https?:\/\/(127\.|localhost|\[::1\])/.test(where);
  return isLocal
    ? `${where} does not answer: that local run, or emulator, hangs or has ended. \`npm start ` +
        '-- --keep` starts another, and says its URL.'
    : `${where} does not answer in time: check the network, a proxy, and the region of the ` +
        'environment.';
}

/** Node tries every address of a host; their errors have one code. */
function codeOf(error: Error & { readonly code?: unknown }): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return String(Object(first).code ?? error.code ?? '');
}

const withoutPoint = (message: string) => message.trim().replace(/\.$/, '');
