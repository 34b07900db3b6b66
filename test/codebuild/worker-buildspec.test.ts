import { type BuildMachine, DIGEST, openBuildMachine } from './build-machine';

let machine: BuildMachine;
beforeEach(async () => {
  machine = await openBuildMachine();
});
afterEach(() => machine.close());

const build: BuildMachine['build'] = (variables) => machine.build(variables);

test('an image is built, looked at, tried and pushed under its version', async () => {
  const { succeeded, exported, calls } = await build();
  expect(succeeded).toBe(true);
  expect(exported).toEqual({ IMAGE_DIGEST: DIGEST });
  expect(calls.map((call) => call.split(' ').slice(1, 3).join(' '))).toEqual([
    'login --username',
    'login --username',
    'buildx create',
    'buildx build',
    'image inspect',
    'run --rm',
    expect.stringMatching(/^push .*\/spillway-dev-worker:arm64-[0-9a-f]{40}$/),
  ]);
});

test('a version that is known is neither built nor pushed', async () => {
  const { succeeded, exported, calls } = await build({ KNOWN: 'yes' });
  expect(succeeded).toBe(true);
  expect(exported).toEqual({ IMAGE_DIGEST: DIGEST });
  expect(calls.filter((call) => /buildx |run |push /.test(call))).toEqual([]);
});

test('the builder is one by its digest, from a registry that is logged in to', async () => {
  const { calls } = await build();
  expect(calls.slice(0, 3)).toEqual([
    expect.stringMatching(/^docker login .* 123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com$/),
    expect.stringMatching(/^docker login .* public\.ecr\.aws$/),
    expect.stringMatching(
      / --driver-opt image=public\.ecr\.aws\/vend\/moby\/buildkit@sha256:[0-9a-f]{64}$/,
    ),
  ]);
});

test('the same builder comes from another registry when the first does not serve it', async () => {
  const digest = /buildkit@(sha256:[0-9a-f]{64})/.exec(await machine.read('buildspec.yml'))?.[1];
  const { succeeded, calls } = await build({
    DOCKER_FAILS: `image=public.ecr.aws/vend/moby/buildkit@${digest}`,
  });
  expect(succeeded).toBe(true);
  const images = calls.flatMap((call) => / --driver-opt image=(\S+)/.exec(call)?.[1] ?? []);
  expect(images).toEqual([
    `public.ecr.aws/vend/moby/buildkit@${digest}`,
    `docker.io/moby/buildkit@${digest}`,
  ]);
});

test(
  'where no login to the public registry is possible, images are pulled without one, ' +
    'which is said',
  async () => {
    const { succeeded, log } = await build({ NO_PUBLIC_LOGIN: 'yes' });
    expect(succeeded).toBe(true);
    expect(log).toMatch(
      /^warning: the login to public\.ecr\.aws failed, so its images are pulled without one/m,
    );
  },
);

describe('a pull that is throttled', () => {
  const pauses = (calls: readonly string[]) => calls.filter((call) => call.startsWith('sleep'));

  test.each(['create', 'build'])(
    'by the registry at `buildx %s` is tried again, a little later each time',
    async (THROTTLED) => {
      const { succeeded, calls } = await build({ THROTTLED, TIMES: '3' });
      expect(succeeded).toBe(true);
      expect(pauses(calls)).toEqual(['sleep 15', 'sleep 30', 'sleep 60']);
      expect(calls.filter((call) => call.startsWith(`docker buildx ${THROTTLED} `))).toHaveLength(
        4,
      );
    },
  );

  test('without end fails the build, which says so', async () => {
    const { failure, log, calls } = await build({ THROTTLED: 'build', TIMES: '9' });
    expect(failure).toMatchObject({ phase: 'build', exitCode: 1 });
    expect(pauses(calls)).toHaveLength(4);
    expect(log).toMatch(/^The image cannot be built: /m);
  });

  test('is not what every other error is, which ends the build at once', async () => {
    const { calls } = await build({ DOCKER_FAILS: 'build' });
    expect(pauses(calls)).toEqual([]);
  });
});

test.each([
  [
    'an unknown architecture',
    { ARCHITECTURE: 'riscv' },
    /^ARCHITECTURE must be arm64 or x86_64, but riscv/m,
  ],
  [
    'a machine of the other architecture',
    { RUNS_ON: 'x86_64' },
    /for arm64, but its machine is x86_64: .* type ARM_/,
  ],
  [
    'no Dockerfile of the workload',
    { WORKLOAD: 'scans' },
    /^There is no application-code\/scans\/Dockerfile, which the image of the workload scans is/m,
  ],
  ['no SBOM setting', { SBOM: '' }, /^SBOM is required but was not given/m],
  [
    'no repository',
    { AWS_ERROR: 'RepositoryNotFoundException' },
    /^There is no image repository spillway-dev-worker in eu-west-1/m,
  ],
  [
    'no right to read it',
    { AWS_ERROR: 'AccessDeniedException' },
    /^The image repository spillway-dev-worker cannot be read: .*AccessDenied/m,
  ],
  [
    'no login',
    { DOCKER_FAILS: 'login' },
    /^The login to 123456789012\.dkr\.ecr\.eu-west-1\.amazonaws\.com failed/m,
  ],
])('fails before anything is built when there is %s', async (_what, variables, message) => {
  const { failure, log, calls, exported } = await build(variables);
  expect(failure).toMatchObject({ phase: 'pre_build', exitCode: 1 });
  expect(log).toMatch(message);
  expect(calls.some((call) => call.startsWith('docker buildx build'))).toBe(false);
  expect(exported).toEqual({});
});

test.each([
  [
    'the build fails',
    { DOCKER_FAILS: 'build' },
    /^The image cannot be built: the lines above say which step/m,
  ],
  [
    'a base image is of the other architecture',
    { IS_FOR: 'amd64' },
    /^The image is for amd64, but arm64 tasks need arm64/m,
  ],
  [
    'no builder can be started',
    { DOCKER_FAILS: 'create' },
    /^No builder can be started: .*public\.ecr\.aws\/vend nor docker\.io served moby\/buildkit@/m,
  ],
  [
    'the self-test fails',
    { DOCKER_FAILS: '--self-test' },
    /^The image failed its self-test and is not pushed/m,
  ],
])('fails without a push when %s', async (_what, variables, message) => {
  const { failure, log, calls, exported } = await build(variables);
  expect(failure).toMatchObject({ phase: 'build', exitCode: 1 });
  expect(log).toMatch(message);
  expect(calls.some((call) => call.startsWith('docker push'))).toBe(false);
  expect(exported).toEqual({});
});

test('fails when the push fails', async () => {
  const { failure, log } = await build({ DOCKER_FAILS: 'push' });
  expect(failure?.phase).toBe('build');
  expect(log).toMatch(/arm64-\w{40} cannot be pushed: /);
});

test('fails when the repository knows no digest of what was pushed', async () => {
  const { failure, log } = await build({ DIGEST: 'None' });
  expect(failure?.phase).toBe('build');
  expect(log).toMatch(/must begin with sha256:, but spillway-dev-worker says None/);
});
