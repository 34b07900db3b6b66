/** What a deploy makes and AWS does not have. `cli/target/with-deployed.ts` reads its cause. */
export function undeployed(what: string, cause: Error): Error {
  return new Error(`There is no ${what}: deploy the stacks of this environment first.`, { cause });
}

/** The part of a client's middleware that is needed. */
interface Stack {
  add(
    middleware: (
      next: (args: never) => Promise<never>,
      context: { readonly endpointV2?: { readonly url: URL } },
    ) => (args: never) => Promise<never>,
    options: { readonly step: 'initialize'; readonly name: string },
  ): void;
}

/** @returns the origin; the whole URL if it is not of HTTP and so has no origin. */
const endpointOf = (url?: URL) => (url?.origin === 'null' ? url.href : url?.origin);

/**
 * A client whose errors say where it asked, as `$endpoint`. An answer that is not AWS's, a
 * certificate that is not trusted or a text that is not a URL means little without it.
 */
export function namingEndpoint<Client extends { readonly middlewareStack: unknown }>(
  client: Client,
): Client {
  (client.middlewareStack as Stack).add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        // A URL that cannot be read is no endpoint yet; Node's error says what was given.
        const { code, input } = Object(error) as {
          readonly code?: string;
          readonly input?: string;
        };
        const value = code === 'ERR_INVALID_URL' ? input : endpointOf(context.endpointV2?.url);
        if (error instanceof Error && value !== undefined)
          Object.defineProperty(error, '$endpoint', { value });
        throw error;
      }
    },
    { step: 'initialize', name: 'namingEndpoint' },
  );
  return client;
}
