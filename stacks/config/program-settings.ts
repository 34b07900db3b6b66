import * as z from 'zod/mini';
import { declared, given, list, matching, required, setting, text } from '../../text/setting';
import { keyArn, settings } from './formats';

/** Texts by a name, each of which is what `value` says. */
function textsByName<Value extends z.ZodMiniType>(value: Value, what: string) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `must be an object of ${what} by name, but ${given(input)} was given`;
  return declared(z.record(z.string(), value, { error }), { must: `${what} by name` });
}

const MAX_VARIABLE_CHARACTERS = 4_096;

const variables = textsByName(
  text(
    `at most ${MAX_VARIABLE_CHARACTERS} characters, none of them NUL`,
    (value) => value.length <= MAX_VARIABLE_CHARACTERS && !value.includes('\0'),
  ),
  'texts',
);

/** A name that every shell and language takes for a variable. */
export function isVariableName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(name);
}

const SSM_PARAMETER = 'arn:aws[a-z-]*:ssm:[a-z0-9-]+:\\d{12}:parameter/[\\w./-]{1,1011}';
/** The six characters are Secrets Manager's own; behind them is a key of JSON, and a version. */
const SECRET =
  '(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:[\\w/+=.@-]{1,512}-[A-Za-z0-9]{6})' +
  '(?::[^:\\s]*:[^:\\s]*:[^:\\s]*)?';
const SECRET_ARN = new RegExp(`^(?:(${SSM_PARAMETER})|${SECRET})$`);

/** The service that keeps a secret, and the ARN by which IAM knows it. */
export interface SecretLocation {
  readonly service: 'ssm' | 'secretsmanager';
  readonly arn: string;
}

/**
 * Where a secret is, by its `valueFrom`.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
 */
export function secretLocation(valueFrom: string): SecretLocation | undefined {
  const [, parameter, secret] = SECRET_ARN.exec(valueFrom) ?? [];
  if (parameter) return { service: 'ssm', arn: parameter };
  return secret === undefined ? undefined : { service: 'secretsmanager', arn: secret };
}

const secrets = textsByName(
  text(
    'the full ARN of an SSM parameter or of a Secrets Manager secret such as ' +
      '`arn:aws:ssm:us-east-1:123456789012:parameter/api-key`',
    (arn) => secretLocation(arn) !== undefined,
  ),
  'ARNs',
);

const iamAction = matching(
  'one action such as `s3:GetObject`, without `*`',
  /^[a-z][a-z0-9-]{1,62}:[A-Za-z0-9]{1,128}$/,
);
const iamResource = matching(
  'an ARN such as `arn:aws:s3:::models/*`, or `*` for an action that knows no resource',
  /^(\*|arn:aws[a-z-]*:[^\s"\\]{4,1024})$/,
);
const conditions = declared(textsByName(textsByName(z.string(), 'texts'), 'condition operators'), {
  must: "IAM's conditions",
});

/** One statement of IAM; it allows, and cannot deny. */
export const PERMISSION_SETTINGS = {
  actions: required(list(iamAction, { what: 'actions', min: 1, max: 50 }), 'What is allowed.'),
  resources: required(
    list(iamResource, { what: 'resources', min: 1, max: 50 }),
    'What it is allowed on.',
  ),
  conditions: setting(
    conditions,
    {},
    'When it is allowed, such as `{ StringEquals: { "aws:RequestedRegion": "us-east-1" } }`.',
  ),
};

/** What a program that is the workload is given, beside its job. */
export const PROGRAM_SETTINGS = {
  environment: setting(
    variables,
    {},
    'Variables of each task, which the program inherits; no name of the engine or of a job.',
  ),
  secrets: setting(
    secrets,
    {},
    'Variables of each task by the ARN of an SSM parameter or a Secrets Manager secret of the ' +
      'account; ECS reads them when a task starts.',
  ),
  secretKeyArns: setting(
    list(keyArn, { what: 'keys', max: 10 }),
    [],
    'KMS keys with which secrets are encrypted, other than the AWS-managed ones.',
  ),
  permissions: setting(
    list(settings(PERMISSION_SETTINGS), { what: 'permissions', max: 20 }),
    [],
    "Permissions that are added to the pipeline's task role.",
  ),
};
