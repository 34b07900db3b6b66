import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runBuild } from './run-build';

const ROOT = join(__dirname, '..', '..');
const BUILDSPEC = 'buildspec.yml';
export const DIGEST = `sha256:${'a'.repeat(64)}`;
const URI = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/spillway-dev-worker';
const VARIABLES = {
  WORKLOAD: 'images',
  REPOSITORY: 'spillway-dev-worker',
  REPOSITORY_URI: URI,
  CACHE_REPOSITORY_URI: `${URI}-cache`,
  ARCHITECTURE: 'arm64',
  SBOM: 'false',
  CODEBUILD_RESOLVED_SOURCE_VERSION: '4f2c',
  AWS_DEFAULT_REGION: 'eu-west-1',
  RUNS_ON: 'aarch64',
  IS_FOR: 'arm64',
};

/** Each command notes its arguments; then it does what its variable says. */
const COMMANDS: Readonly<Record<string, string>> = {
  uname: 'echo "$RUNS_ON"',
  sleep: 'echo "sleep $*" >> "$CODEBUILD_SRC_DIR/calls"',
  docker: `echo "docker $*" >> "$CODEBUILD_SRC_DIR/calls"
if [[ -n $THROTTLED && " $* " == *" $THROTTLED "* &&
  $(grep -c -- " $THROTTLED " "$CODEBUILD_SRC_DIR/calls") -le $TIMES ]]; then
  echo "toomanyrequests: Rate exceeded" >&2
  exit 1
fi
[[ "$1 $2" != "buildx build" ]] || find . -type f > "$CODEBUILD_SRC_DIR/context"
[[ -z $DOCKER_FAILS || " $* " != *" $DOCKER_FAILS "* ]] || exit 1
# The password must be read, or its writer ends in a broken pipe.
[[ $1 != login ]] || cat > /dev/null
[[ $1 != push ]] || touch "$CODEBUILD_SRC_DIR/pushed"
[[ $1 != image ]] || echo "$IS_FOR"`,
  aws: `echo "aws $*" >> "$CODEBUILD_SRC_DIR/calls"
if [[ -n $NO_PUBLIC_LOGIN && $1 == ecr-public ]]; then exit 254; fi
if [[ -n $AWS_ERROR ]]; then echo "An error occurred ($AWS_ERROR) when calling" >&2; exit 254; fi
if [[ $2 == get-login-password ]]; then echo secret; exit; fi
if [[ -e $CODEBUILD_SRC_DIR/pushed || -n $KNOWN ]]; then echo "\${DIGEST:-${DIGEST}}"; exit; fi
echo "An error occurred (ImageNotFoundException) when calling" >&2
exit 254`,
};

/** A source of two workloads, each file with its own path as its content. */
const SOURCES = [
  'README.md',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'build.mjs',
  'dataset/main.ts',
  'text/words.ts',
  'application-code/workloads.ts',
  'application-code/worker/src/main.ts',
  'application-code/worker/src/main.test.ts',
  'application-code/worker/node_modules/left/index.js',
  'application-code/command/command-recipe.ts',
  'application-code/images/Dockerfile',
  'application-code/images/recipe.ts',
  'application-code/images/lib/samples/words.ts',
  'application-code/povray/Dockerfile',
  'application-code/povray/recipe.ts',
  'application-code/povray/lib/samples/words.ts',
  'application-code/povray/samples/scene.zip',
  'application-code/povray/dist/main.js',
];

/** A source that is built by the repository's own buildspec, and commands that do nothing. */
export async function openBuildMachine() {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-buildspec-'));
  const commands = join(folder, 'commands');
  const source = join(folder, 'source');
  const write = async (path: string, text: string) => {
    await mkdir(dirname(join(source, path)), { recursive: true });
    await writeFile(join(source, path), text);
  };
  await mkdir(commands);
  for (const [name, body] of Object.entries(COMMANDS)) {
    await writeFile(join(commands, name), `#!/usr/bin/env bash\n${body}\n`);
    await chmod(join(commands, name), 0o755);
  }
  for (const path of SOURCES) await write(path, path);
  for (const path of [BUILDSPEC, '.dockerignore']) await cp(join(ROOT, path), join(source, path));
  /** What a command noted; a build that ends before its first command notes nothing. */
  const noted = async (file: string) =>
    (await readFile(join(source, file), { encoding: 'utf8', flag: 'a+' })).split('\n');
  return {
    write,
    read: (path: string) => readFile(join(source, path), 'utf8'),
    remove: (path: string) => rm(join(source, path)),
    build: async (variables: Readonly<Record<string, string>> = {}) => {
      for (const file of ['calls', 'context', 'pushed'])
        await rm(join(source, file), { force: true });
      const end = await runBuild({
        buildspec: await readFile(join(source, BUILDSPEC), 'utf8'),
        sourceFolder: source,
        environment: { ...VARIABLES, TMPDIR: folder, ...variables },
        commands,
      });
      const calls = (await noted('calls')).filter((call) => /^(docker|sleep) /.test(call));
      return { ...end, calls, context: (await noted('context')).filter(Boolean).sort() };
    },
    close: () => rm(folder, { recursive: true }),
  };
}

export type BuildMachine = Awaited<ReturnType<typeof openBuildMachine>>;
