import { HttpRequest, type HttpResponse } from '@smithy/core/protocols';
import { StandardRetryStrategy } from '@smithy/core/retry';
import type { AwsCredentialIdentityProvider } from '@smithy/types';
import { systemClock } from '../../clock';
import { type ConnectedSettings, MAX_ATTEMPTS } from '../settings';
import { withRetries } from './retries';
import type { ServiceError } from './service-error';
import type { SharedSettings } from './shared-settings';
import { Signer } from './signer';

/** What the calls of all services need. */
export interface LeanSettings extends ConnectedSettings {
  readonly credentials: AwsCredentialIdentityProvider;
  readonly shared: () => Promise<SharedSettings>;
}

/** One request of a service, before it is signed. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST';
  readonly origin: URL;
  /** Escaped as it is sent. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  readonly signingRegion: string;
  readonly isLongPoll?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Service {
  readonly signingName: 's3' | 'sqs';
  /** The error in a response of a status of 300 and more; reads its body. */
  readonly readError: (response: HttpResponse) => Promise<ServiceError>;
}

/** As the SDK does: less is a clock that a signature may have. */
const SKEW_MILLISECONDS = 240_000;

/**
 * Calls of one service that are signed, retried, and signed by the clock of the service where ours
 * is wrong.
 */
export class SignedCalls {
  private readonly signer: Signer;
  private readonly strategy = new StandardRetryStrategy(MAX_ATTEMPTS);
  /** What the service's clock is ahead of ours. */
  private clockOffset = 0;

  constructor(
    private readonly settings: LeanSettings,
    private readonly service: Service,
  ) {
    this.signer = new Signer(settings.credentials);
  }

  /**
   * @param read what is wanted of the response; where that fails, the call is tried again.
   * @throws ServiceError, or the error of the connection, when the last attempt fails.
   */
  send<Output>(
    call: Call,
    read: (response: HttpResponse) => Output | Promise<Output>,
  ): Promise<Output> {
    const scope = call.isLongPoll ? ':longpoll' : '';
    const attempt = async () => read(await this.attempt(call));
    return withRetries(this.strategy, scope, attempt, call.signal);
  }

  private async attempt(call: Call): Promise<HttpResponse> {
    const { userAgent } = await this.settings.shared();
    const signedAt = systemClock.now() + this.clockOffset;
    const request = requestOf(call, userAgent);
    const region = call.signingRegion;
    const scope = { service: this.service.signingName, region, date: new Date(signedAt) };
    request.headers = { ...(await this.signer.sign(request, scope)) };
    const options = call.signal ? { abortSignal: call.signal } : {};
    const { response } = await this.settings.requestHandler.handle(request, options);
    if (response.statusCode < 300) return response;
    const error = await this.service.readError(response);
    this.setClock(error, signedAt);
    throw error;
  }

  /**
   * An answer that shows that our clock is wrong sets it, and the call is worth another attempt.
   */
  private setClock(error: ServiceError, signedAt: number): void {
    const { serverTime } = error;
    if (serverTime === undefined || !(Math.abs(serverTime - signedAt) >= SKEW_MILLISECONDS)) return;
    this.clockOffset = serverTime - systemClock.now();
    error.$metadata.clockSkewCorrected = true;
  }
}

function requestOf({ method, origin, path, headers, body }: Call, userAgent: string): HttpRequest {
  const { protocol, hostname, port, host } = origin;
  return new HttpRequest({
    method,
    protocol,
    hostname,
    ...(port === '' ? {} : { port: Number(port) }),
    path,
    headers: { host, 'user-agent': userAgent, ...headers },
    body,
  });
}
