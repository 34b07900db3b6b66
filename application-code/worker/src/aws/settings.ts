import type { NodeHttpHandler } from '@smithy/node-http-handler';

export interface ClientSettings {
  readonly region: string;
  /** Instead of the one that the SDK's rules know; buckets are then part of the path. */
  readonly s3Endpoint?: string;
  /** Instead of the host of a queue's URL. */
  readonly sqsEndpoint?: string;
  /** Jobs at a time; each may have a few connections open. */
  readonly jobConcurrency: number;
  /** Longest silence on a connection in use. Default 30,000. */
  readonly silenceMilliseconds?: number;
}

/** Settings with the connections that all calls share. */
export interface ConnectedSettings extends ClientSettings {
  readonly requestHandler: NodeHttpHandler;
}

/** Requests for one call, the first one included. */
export const MAX_ATTEMPTS = 4;
