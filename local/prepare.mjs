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
import { hasDevelopment, isComplete } from './installation.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const lockFile = path.join(root, 'local', 'dist', 'prepare.lock');
const machineFile = path.join(root, 'node_modules', '.spillway-machine');
/** Bundles of a local run: a deploy and `spillway` make their own. */
const startedHere = ['local', 'lambda/scaler', 'application-code'];
const oldestNode = [20, 9];
const staleLockMilliseconds = 15 * 60_000;

/** Its message is for the user, without a stack trace. */
export class PrepareError extends Error {}

/**
 * Makes a checkout ready to run: checks Node, installs the npm dependencies when they are missing
 * or stale, and bundles what a local run starts. Several processes may do so in one checkout at a
 * time: one installs, and the others wait for it.
 * @param {{ all?: boolean, print?: (line: string) => void }} options `all` adds what only tests and
 *   checks need, and makes all bundles.
 * @throws {PrepareError} with one sentence that says what to do.
 */
export async function prepare({ all = false, print = (line) => console.error(line) } = {}) {
  checkNode(process.versions.node);
  if (!isInstalled(all)) await withLock(print, () => install(all, print));
  await bundle(all);
}

/** @param {string} version such as `20.9.0` */
export function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  throw new PrepareError(
    `Node ${oldestNode.join('.')} or newer is needed, but this is Node ${version}: ` +
      'install a newer one from https://nodejs.org and run the same command again.',
  );
}

/** An installation has native parts for one platform and one major version of Node. */
const thisMachine = () =>
  `${process.platform} ${process.arch} node${process.versions.node.split('.')[0]}`;

/**
 * An installation of all packages also serves a run that needs a part of them. So does one that
 * npm made without us, which has no machine file.
 */
function isInstalled(all) {
  const machine = textOf(machineFile) ?? thisMachine();
  return machine === thisMachine() && isComplete(wantedPackages(), installedPackages(), all);
}

const wantedPackages = () =>
  JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;

function installedPackages() {
  const text = textOf(path.join(root, 'node_modules', '.package-lock.json'));
  return text === undefined ? {} : JSON.parse(text).packages;
}

function textOf(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

async function install(wanted, print) {
  if (isInstalled(wanted)) return;
  const all = wanted || hasDevelopment(installedPackages());
  const began = Date.now();
  const purpose = all ? ' for tests and checks' : '';
  print(`Installing the npm dependencies${purpose} (only when they change) …`);
  const { code, output } = await npm([
    'ci',
    ...(all ? ['--include=dev'] : ['--omit=dev']),
    ...['--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'],
    // `npm start --silent` would silence this npm, too.
    '--loglevel=error',
    ...['--fetch-timeout=120000', '--fetch-retries=2'],
    ...['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'],
  ]);
  if (code !== 0) throw new PrepareError(whyNpmFailed(output));
  writeFileSync(machineFile, thisMachine());
  print(`Installed in ${((Date.now() - began) / 1000).toFixed(0)} s.`);
}

/** Runs the npm that runs us, if any, since a machine may have several. */
function npm(args) {
  const cli = process.env.npm_execpath;
  const [command, first] = cli?.endsWith('npm-cli.js') ? [process.execPath, [cli]] : ['npm', []];
  return run(command, [...first, ...args]);
}

/** Runs a program in the checkout and keeps its output. The code of a missing program is 127. */
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

const unreachable = new RegExp(
  '\\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|' +
    'EIDLETIMEOUT|ERR_SOCKET_TIMEOUT|UNABLE_TO_[A-Z_]+|SELF_SIGNED_CERT_IN_CHAIN|CERT_[A-Z_]+)\\b',
);
const unreachableBecause =
  /(?:reason:|network|errno)\s+(.*(?:getaddrinfo|connect|certificate|timeout|socket).*)/i;
const denied = /\b(EACCES|EPERM|EROFS)\b/;

/** @param {string} output what npm printed */
export function whyNpmFailed(output) {
  const again = 'and run the same command again.';
  const network = unreachable.exec(output)?.[1];
  if (network !== undefined) {
    const reason = unreachableBecause.exec(output)?.[1];
    const detail = reason && !reason.includes('://') ? `: ${reason.trim()}` : '';
    return (
      `The npm registry could not be reached (${network}${detail}): check the network, ` +
      `the proxy settings and \`npm config get registry\`, ${again}`
    );
  }
  if (/\bENOSPC\b/.test(output))
    return `The disk is full: make some room for the npm dependencies ${again}`;
  if (denied.test(output))
    return `npm may not write into ${path.join(root, 'node_modules')}: make it writable ${again}`;
  return (
    `The npm dependencies could not be installed: ${firstErrorOf(output)}. ` +
    'Run `npm ci` to see the whole output of npm.'
  );
}

function firstErrorOf(output) {
  const error = output
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)\s*/, '').replace(/^(\d{3}) (?=\1 )/, ''))
    .find((line) => !/^code /.test(line));
  return error || output.trim().split('\n').at(-1) || 'npm printed nothing';
}

/** The build renames whole bundles into place, and makes none again when nothing has changed. */
async function bundle(all) {
  const { code, output } = await run(process.execPath, ['build.mjs', ...(all ? [] : startedHere)]);
  if (code !== 0) throw new PrepareError(whyBuildFailed(output));
}

/** @param {string} output what the build printed */
export function whyBuildFailed(output) {
  const code = denied.exec(output)?.[1];
  return code === undefined
    ? output.trim()
    : `The code has changed, and its bundles cannot be written into ${root} (${code}): ` +
        'make the checkout writable and run the same command again.';
}

/** Holds the checkout's lock meanwhile: a file with our process id. */
async function withLock(print, work) {
  let isReported = false;
  while (!takeLock()) {
    const holder = lockHolder();
    if (holder === undefined) continue;
    if (!isReported) print(`Waiting for another start that is installing (process ${holder}) …`);
    isReported = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  try {
    await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

/** Links a finished file into place, so that no other process ever reads an empty lock. */
function takeLock() {
  const mine = `${lockFile}.${process.pid}`;
  try {
    mkdirSync(path.dirname(lockFile), { recursive: true });
    writeFileSync(mine, String(process.pid));
    linkSync(mine, lockFile);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw new PrepareError(
      `${path.dirname(lockFile)} cannot be written (${error.code}): ` +
        'make the checkout writable and run the same command again.',
    );
  } finally {
    rmSync(mine, { force: true });
  }
}

/**
 * Removes the lock of a process that has died.
 * @returns the process that holds the lock, or undefined when the lock is free.
 */
function lockHolder() {
  try {
    const holder = Number(readFileSync(lockFile, 'utf8'));
    const isYoung = Date.now() - statSync(lockFile).mtimeMs < staleLockMilliseconds;
    if (isAlive(holder) && isYoung) return holder;
    const stale = `${lockFile}.stale.${process.pid}`;
    renameSync(lockFile, stale);
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
 * Prints a PrepareError as its sentence, and any other error with its stack.
 * @returns the exit code.
 */
export function printFailure(error) {
  console.error(error instanceof PrepareError ? error.message : error);
  return 1;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url))
  prepare({ all: process.argv.includes('--all') }).catch((error) => {
    process.exitCode = printFailure(error);
  });
