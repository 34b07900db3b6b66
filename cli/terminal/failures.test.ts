import { RollbackError } from '../../deployer/rollback';
import { ConfigError } from '../../stacks/config/blueprint-config';
import { failureSentence, RefusalError, UsageError } from './failures';

const named = (name: string, message: string, more = {}) =>
  Object.assign(new Error(message), { name, ...more });

describe('failureSentence', () => {
  test.each([
    [
      'missing credentials',
      named('CredentialsProviderError', 'Could not load credentials from any providers'),
      'AWS credentials could not be loaded (Could not load credentials from any providers): ' +
        'set AWS_PROFILE',
    ],
    [
      'an ended sign-in',
      named('TokenProviderError', 'Token is expired.'),
      'could not be loaded (Token is expired): ',
    ],
    [
      'expired credentials of SSM',
      named('ExpiredTokenException', 'expired'),
      'the AWS credentials have expired',
    ],
    [
      'expired credentials of another protocol',
      named('ExpiredToken', 'expired'),
      'the AWS credentials have expired',
    ],
    [
      'unknown credentials',
      named(
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ),
      'AWS does not accept these credentials (The security token included in the request is ' +
        'invalid): ',
    ],
    [
      'a denied call',
      named('AccessDeniedException', 'User: a is not authorized to perform: ssm:GetParameter'),
      'AWS denies access (User: a is not authorized to perform: ssm:GetParameter): ',
    ],
    ['too many calls', named('ThrottlingException', 'Rate exceeded'), 'AWS is asked too often'],
    [
      'an unknown host',
      named('Error', 'getaddrinfo ENOTFOUND x', { code: 'ENOTFOUND' }),
      'AWS could not be reached (getaddrinfo ENOTFOUND x)',
    ],
    [
      'a host without a server',
      new AggregateError([Object.assign(new Error('a'), { code: 'ECONNREFUSED' })], ''),
      'AWS could not be reached (ECONNREFUSED)',
    ],
    [
      'silence',
      named('TimeoutError', 'Connection timed out.'),
      'AWS does not answer in time: check the network',
    ],
    [
      'silence of a local run',
      named('TimeoutError', 'exceeded', { $endpoint: 'http://127.0.0.1:4566' }),
      'http://127.0.0.1:4566 does not answer: that local run, or emulator, hangs or has ended.',
    ],
    [
      'another error of a service',
      named('ServerException', 'Oops.', { $fault: 'server' }),
      'AWS answers ServerException: Oops.',
    ],
    [
      'a certificate that is not trusted',
      named('Error', 'self-signed certificate', {
        code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
        $endpoint: 'https://ssm.eu-central-1.amazonaws.com',
      }),
      'the certificate of https://ssm.eu-central-1.amazonaws.com is not trusted (self-signed ' +
        'certificate): if a proxy of your network signs it, name the file with its root ' +
        'certificate in NODE_EXTRA_CA_CERTS',
    ],
    [
      'a page instead of an answer',
      Object.assign(new SyntaxError("Unexpected token '<'"), {
        $endpoint: 'http://10.0.0.1',
        $response: { statusCode: 200, headers: { 'content-type': 'text/html' } },
      }),
      'what answers at http://10.0.0.1 is not AWS (HTTP status 200, text/html): check whether ' +
        'the network wants you to sign in',
    ],
    [
      'an endpoint that is no URL',
      Object.assign(new TypeError('Invalid URL'), {
        code: 'ERR_INVALID_URL',
        $endpoint: 'garbage',
      }),
      'an endpoint of AWS must be a URL such as http://localhost:4566, but garbage was given: ' +
        'fix or unset AWS_ENDPOINT_URL',
    ],
    [
      'an error that wraps one of AWS',
      new Error('x', { cause: named('ExpiredToken', 'y') }),
      'have expired',
    ],
    [
      'faults of the configuration',
      new ConfigError(['a', 'b']),
      'the configuration has faults:\na\nb',
    ],
    ['a refusal', new RefusalError('no.'), 'no.'],
    ['wrong usage', new UsageError('not so.'), 'not so.'],
    ['a rollback that cannot be', new RollbackError('gone.'), 'gone.'],
  ])('has a sentence for %s', (_title, error, sentence) => {
    expect(failureSentence(error)).toContain(sentence);
  });

  test.each([
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ])('takes %s for a certificate that is not trusted', (code) => {
    expect(failureSentence(named('Error', 'no', { code }))).toContain(
      'the certificate of the endpoint is not trusted (no)',
    );
  });

  test.each([
    new TypeError('x is not a function'),
    new SyntaxError('Unexpected end of JSON input'),
    Object.assign(new TypeError('Invalid URL'), { code: 'ERR_INVALID_URL', input: 'x' }),
    Object.assign(new TypeError('x is not a function'), { $endpoint: 'http://10.0.0.1' }),
    'thrown text',
  ])('has none for a defect of ours: %s', (error) => {
    expect(failureSentence(error)).toBeUndefined();
  });
});
