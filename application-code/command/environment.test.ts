import { WORKER_VARIABLES } from '../worker/src/settings';
import { COMMAND_SETTINGS } from './command-recipe';
import { inheritedVariables } from './environment';

const aws = {
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2/credentials/1',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_REGION: 'eu-west-1',
  ECS_CONTAINER_METADATA_URI_V4: 'http://169.254.170.2/v4/1',
};

test("programs inherit the image's and the pipeline's variables, and none of the engine's", () => {
  const own = [...Object.values(WORKER_VARIABLES), ...Object.values(COMMAND_SETTINGS)];
  const engine = Object.fromEntries(own.map(({ variable }) => [variable, 'x']));
  const image = { PATH: '/bin', LANG: 'C.UTF-8', API_KEY: 'secret' };
  const all = { ...engine, ...aws, ...image, UV_THREADPOOL_SIZE: '8', UNSET: undefined };
  expect(inheritedVariables(all)).toEqual(image);
});

test("they get the credentials of the task's role when the pipeline says so", () => {
  expect(inheritedVariables({ ...aws, PROGRAM_CREDENTIALS: 'true' })).toEqual(aws);
  expect(inheritedVariables({ ...aws, PROGRAM_CREDENTIALS: 'false' })).toEqual({});
});
