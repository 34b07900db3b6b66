/**
 * Denies every action of a service on a resource to requests that come without TLS. A grant never
 * holds a wildcard action; a deny must, since an action that it left out would be open.
 */
export function denyWithoutTls(service: 's3' | 'sqs', resources: readonly string[]) {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: `${service}:*`,
    Resource: resources,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
