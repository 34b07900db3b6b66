import * as z from 'zod/mini';
import { CANARY_TIMEOUT_MINUTES, DEPLOYER_VARIABLES } from '../../deployer/environment';
import { flag, list, oneOf, setting, wholeNumber } from '../../text/setting';
import * as formats from './formats';

/**
 * From a change of the repository to the tasks: image, canary, promotion. Pipelines with an `image`
 * of their own have no part in it.
 */
export const DELIVERY_SETTINGS = {
  source: setting(
    oneOf(['connection', 's3', 'none']),
    's3',
    'What starts a build: a push through a `connection`, a new zip archive in a bucket of the ' +
      'stack (`s3`), or nothing (`none`), where images come from elsewhere.',
  ),
  repository: setting(
    z.nullable(formats.repository),
    null,
    'Repository of a connection; required with `connection`.',
  ),
  branch: setting(formats.branch, 'main', 'Branch whose pushes are built, with `connection`.'),
  paths: setting(
    list(formats.filePattern, { what: 'patterns', min: 1, max: 8 }),
    [
      'application-code/**',
      'dataset/**',
      'text/**',
      'buildspec.yml',
      'build.mjs',
      'package*.json',
      'tsconfig.json',
      '.dockerignore',
    ],
    'Files of which a push must change one to be built, with `connection`.',
  ),
  connectionArn: setting(
    z.nullable(formats.connectionArn),
    null,
    'An existing CodeConnections connection in the region of the environment; `provider` must ' +
      'then be left out. `null` makes one, which must be confirmed once in the console and ' +
      'deployed again.',
  ),
  provider: setting(
    oneOf(['GitHub', 'GitLab', 'Bitbucket']),
    'GitHub',
    'Provider of the connection that is made.',
  ),
  keptImages: setting(
    wholeNumber({ unit: 'images', min: 2, max: 1_000 }),
    30,
    'Images of each architecture that the repository keeps; more than `keptRevisions`.',
  ),
  keptRevisions: DEPLOYER_VARIABLES.keptRevisions.schema,
  canaryTimeoutMinutes: setting(
    z.nullable(wholeNumber(CANARY_TIMEOUT_MINUTES)),
    null,
    'Time that a canary task may take from its launch to its end. `null`: the longest ' +
      '`jobTimeoutSeconds` of the pipelines that are delivered, and 5 minutes for its start; at ' +
      `least 10 minutes, and ${CANARY_TIMEOUT_MINUTES.max} at most, the time that a deploy waits.`,
  ),
  sbom: setting(
    flag(),
    false,
    'Whether images that are built from now on carry a list of what they are made of (CycloneDX).',
  ),
  emails: setting(
    list(formats.email, { what: 'e-mail addresses', max: 50 }),
    [],
    'Who gets a mail for every success and failure; each address must be confirmed once.',
  ),
};
