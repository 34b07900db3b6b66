import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { systemClock } from '../application-code/worker/src/clock';
import { createAwsPorts } from './aws/aws-ports';
import { runCanary } from './canary/canary';
import { type Canary, deploy } from './deploy';
import { EnvironmentError, readEnvironment } from './environment';

/**
 * Codes of the process: 0 promoted or nothing to do, 1 refused or failed, 2 a wrong environment.
 */
const EXIT = { well: 0, refused: 1, usage: 2 } as const;

async function main(): Promise<number> {
  const { aws, ...request } = readEnvironment();
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals) =>
    stop.abort(new Error(`the deploy was stopped from outside by ${signal} before its end`));
  process.once('SIGTERM', onSignal);
  process.once('SIGINT', onSignal);
  const ports = {
    ...createAwsPorts(aws),
    clock: systemClock,
    newRunId: () => `run-${randomBytes(8).toString('hex')}`,
    say: (line: string) => console.log(line),
    signal: stop.signal,
  };
  const settings = { timeoutSeconds: request.canaryTimeoutSeconds };
  const tryOut: Canary = (target, candidate) => runCanary(ports, target, candidate, settings);
  return (await deploy(ports, request, tryOut)) ? EXIT.well : EXIT.refused;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isUsage = error instanceof EnvironmentError;
    console.error(isUsage ? error.message : error);
    process.exit(isUsage ? EXIT.usage : EXIT.refused);
  },
);
