/**
 * Denies requests without TLS. A grant never holds a wildcard action; a deny must, since an action
 * that it leaves out would be open.
 */
export function denyWithoutTls(
  action: 's3:*' | 'sqs:*' | 'sns:Publish',
  resource: string | readonly string[],
) {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    Action: action,
    Resource: resource,
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}
