import { spawn } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { holds, holdsDevelopment } from './installation.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const oldestNode = [20, 9];
const staleLockMilliseconds = 15 * 60_000;

/** What a user has to read instead of a stack trace. */
export class PrepareError extends Error {}

/**
 * Makes a checkout ready to run: checks Node, installs the npm dependencies when they are missing
 * or stale, bundles what is deployed. Several at a time in one checkout are fine: one installs, the
 * others wait for it.
 * @param {{ all?: boolean, say?: (line: string) => void }} options `all` adds what only tests and
 *   checks need.
 * @throws {PrepareError} with one sentence that says what to do.
 */
export async function prepare({ all = false, say = (line) => console.error(line) } = {}) {
  checkNode(process.versions.node);
  if (!isInstalled(all)) await withLock(say, () => install(all, say));
  await bundle();
}

/** @param {string} version such as `20.9.0` */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new PrepareError(
    `Node ${oldestNode.join('.')} or newer is needed, but this is Node ${version}: install a newer one from https://nodejs.org and run the same command again.`,
  );
}

const machineFile = () => path.join(root, 'node_modules', '.spillway-machine');

/** Where an installation works: its native parts are made for one platform and one line of Node. */
const thisMachine = () =>
  `${process.platform} ${process.arch} node${process.versions.node.split('.')[0]}`;

/** @returns {import('./installation.mjs').Packages} of a lock file */
const packagesOf = (...place) =>
  JSON.parse(readFileSync(path.join(root, ...place), 'utf8')).packages;

/** What is installed; without npm's own note of it, nothing. */
function packagesThere() {
  try {
    return packagesOf('node_modules', '.package-lock.json');
  } catch {
    return {};
  }
}

/**
 * An installation of everything serves whoever needs only what runs; one by npm itself serves as
 * well as ours.
 */
function isInstalled(all) {
  return isForThisMachine() && holds(packagesOf('package-lock.json'), packagesThere(), all);
}

function isForThisMachine() {
  try {
    return readFileSync(machineFile(), 'utf8') === thisMachine();
  } catch {
    // npm installed it, here.
    return true;
  }
}

async function install(wanted, say) {
  if (isInstalled(wanted)) return;
  const all = wanted || holdsDevelopment(packagesThere());
  const began = Date.now();
  say(
    `Installing the npm dependencies${all ? ' for tests and checks' : ''} (only when they change) …`,
  );
  const { code, output } = await npm([
    'ci',
    ...(all ? ['--include=dev'] : ['--omit=dev']),
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-progress',
    // `npm start --silent` would silence this one, too.
    '--loglevel=error',
    '--fetch-timeout=120000',
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ]);
  if (code !== 0) throw new PrepareError(whyNpmFailed(output));
  writeFileSync(machineFile(), thisMachine());
  say(`Installed in ${((Date.now() - began) / 1000).toFixed(0)} s.`);
}

/**
 * Runs the npm that runs us, where there is one, so that a machine with several uses the one that
 * was asked.
 */
function npm(args) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  return run(command, [...first, ...args]);
}

/**
 * Runs a program in the checkout and keeps what it printed. A program that is not there gives code
 * 127.
 */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.once('close', (code, signal) => resolve({ code: code ?? signal, output }));
  });
}

const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EIDLETIMEOUT|ERR_SOCKET_TIMEOUT|UNABLE_TO_[A-Z_]+|SELF_SIGNED_CERT_IN_CHAIN|CERT_[A-Z_]+)\b/;

/** @param {string} output what npm printed */
export function whyNpmFailed(output) {
  const again = 'and run the same command again.';
  const network = unreachable.exec(output)?.[1];
  if (network !== undefined) {
    const reason =
      /(?:reason:|network|errno)\s+(.*(?:getaddrinfo|connect|certificate|timeout|socket).*)/i.exec(
        output,
      )?.[1];
    const detail = reason && !reason.includes('://') ? `: ${reason.trim()}` : '';
    return `The npm registry could not be reached (${network}${detail}): check the network, the proxy settings and \`npm config get registry\`, ${again}`;
  }
  if (/\bENOSPC\b/.test(output))
    return `The disk is full: make some room for the npm dependencies ${again}`;
  if (/\b(EACCES|EPERM|EROFS)\b/.test(output))
    return `npm may not write into ${path.join(root, 'node_modules')}: make it writable ${again}`;
  const lines = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
  const first = lines
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').replace(/^(\d{3}) (?=\1 )/, ''))
    .find((line) => !/^code /.test(line));
  return `The npm dependencies could not be installed: ${first || output.trim().split('\n').at(-1) || 'npm said nothing'}. Run \`npm ci\` to see all that npm says about it.`;
}

/**
 * A bundle is written aside and renamed into place by the build, so nobody reads half of one; what
 * has not changed is not made again.
 */
async function bundle() {
  const { code, output } = await run(process.execPath, ['build.mjs']);
  if (code !== 0) throw new PrepareError(whyBuildFailed(output));
}

/** @param {string} output what the build printed */
export function whyBuildFailed(output) {
  const denied = /\b(EACCES|EPERM|EROFS)\b/.exec(output)?.[1];
  return denied === undefined
    ? `The bundles could not be built:\n${output.trim()}`
    : `The code has changed, and its bundles cannot be written into ${root} (${denied}): make the checkout writable and run the same command again.`;
}

const lockFile = () => path.join(root, 'local', 'dist', 'prepare.lock');

/**
 * Holds the checkout's lock meanwhile: a file with our process id, which whoever finds us dead may
 * take away.
 */
async function withLock(say, work) {
  const lock = lockFile();
  let told = false;
  while (!takeLock(lock)) {
    const holder = lockHolder(lock);
    if (holder === undefined) continue;
    if (!told) say(`Waiting for another start that is installing (process ${holder}) …`);
    told = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * Linking a finished file into place cannot leave an empty lock behind, as opening one and then
 * writing could.
 */
function takeLock(lock) {
  const mine = `${lock}.${process.pid}`;
  try {
    mkdirSync(path.dirname(lock), { recursive: true });
    writeFileSync(mine, String(process.pid));
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new PrepareError(
      `${path.dirname(lock)} cannot be written (${error.code}): make the checkout writable and run the same command again.`,
    );
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * The process that holds the lock, or undefined when it is free by now; a lock whose holder died is
 * taken away.
 */
function lockHolder(lock) {
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    const young = Date.now() - statSync(lock).mtimeMs < staleLockMilliseconds;
    if (isAlive(holder) && young) return holder;
    const stale = `${lock}.stale.${process.pid}`;
    renameSync(lock, stale);
    rmSync(stale, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return undefined;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Prints a failure as its sentence, or as the stack that a defect of ours deserves, and gives the
 * exit code.
 */
export function sayFailure(error) {
  console.error(error instanceof PrepareError ? error.message : error);
  return 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  prepare({ all: process.argv.includes('--all') }).catch((error) => {
    process.exitCode = sayFailure(error);
  });
