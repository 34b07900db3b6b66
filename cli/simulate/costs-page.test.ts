import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BillKind } from '../../contract/bill';
import { PRICES } from '../../contract/prices';
import type { Scenario } from '../../simulator/scenario';
import { simulate } from '../../simulator/simulate';
import { resolveBlueprint } from '../../stacks/config/load-config';
import { scenariosOf } from './scenarios';
import type { SettingsSet } from './settings-sets';

const page = (name: string) => readFileSync(join(__dirname, '../..', name), 'utf8');
const cents = (dollars: number) => `$${dollars.toFixed(2)}`;

/** The bill of a million photos at once in the default pipeline. Fewer events are faster. */
async function millionPhotos(set: SettingsSet = {}, events?: number) {
  const [environment] = resolveBlueprint({ environments: { dev: {} } });
  if (!environment) throw new Error('the configuration has no environment');
  const question = { environment, pipeline: 'photos', objects: 1e6, arrive: 'burst', seed: 1 };
  const [scenario] = scenariosOf({ ...question, set, compare: [], assumed: {} }).scenarios;
  if (!scenario) throw new Error('there is no scenario');
  const { bill, tasks } = await simulate(scenario, events);
  const dollarsOf = (...kinds: readonly BillKind[]) =>
    bill.lines
      .filter(({ kind }) => kinds.includes(kind))
      .reduce((sum, { dollars }) => sum + dollars, 0);
  const of = (...kinds: readonly BillKind[]) => cents(dollarsOf(...kinds));
  const spotShare = `${Math.round(tasks.spotShare * 100)} %`;
  const rest = bill.dollars - dollarsOf('s3', 'logs');
  const all = cents(bill.dollars);
  return { all, of, compute: of('FARGATE', 'FARGATE_SPOT'), spotShare, rest, dollarsOf };
}

/** Dollars per million uploads of what wakes the pipeline, by what it is paid for. */
async function wakeUps(objects: number, arrive: string) {
  const [environment] = resolveBlueprint({ environments: { dev: {} } });
  if (!environment) throw new Error('the configuration has no environment');
  const question = { environment, pipeline: 'photos', objects, arrive, seed: 1, compare: [] };
  const { scenarios } = scenariosOf({ ...question, set: { wake: 'event' }, assumed: {} });
  const { bill } = await simulate(scenarios[0] as Scenario, 100_000);
  const of = (wanted: BillKind) =>
    ((bill.lines.find(({ kind }) => kind === wanted)?.dollars ?? 0) * 1e6) / objects;
  const [events, queue, runs] = [of('eventbridge'), of('wake-queue'), of('wake-ups')];
  const [sends, polls] = [PRICES.fifoPerMillion, queue - PRICES.fifoPerMillion];
  return [events, sends, polls, runs, events + queue + runs].map(cents);
}

test('wake-ups cost what docs/costs.md says, to the cent', async () => {
  const [flood, stream] = await Promise.all([wakeUps(1e6, 'burst'), wakeUps(72_000, '1/s')]);
  const table = page('docs/costs.md').split('| a flood | one upload a second |')[1] ?? '';
  const rows = table.split('\n').slice(2, 7);
  const shown = (dollars = '') => (dollars === '$0.00' ? '–' : dollars);
  const ends = rows.map((_row, index) => `| ${shown(flood[index])} | ${shown(stream[index])} |`);
  expect(rows.map((row, index) => row.slice(-(ends[index]?.length ?? 0)))).toEqual(ends);
  expect(rows).toHaveLength(5);
});

test('a million photos cost what README and docs/ say, to the cent', async () => {
  const [usual, shards, x86, onDemand] = await Promise.all([
    millionPhotos(),
    millionPhotos({ 'destination.kind': 'shards' }, 100_000),
    millionPhotos({ architecture: 'x86_64' }, 100_000),
    millionPhotos({ spotWeight: '0' }, 100_000),
  ]);
  const costs = page('docs/costs.md');
  const rowOf = (begin: string) =>
    costs.split('\n').find((line) => line.startsWith(`| ${begin}`)) ?? `no row ${begin}`;
  // What shards save are requests and lines.
  const asShards = cents(usual.rest + shards.dollarsOf('s3', 'logs'));
  expect(page('README.md')).toContain(
    `It costs ${usual.all} per million photos, ${asShards} as [shards`,
  );
  expect(costs).toContain(`in the default pipeline cost ${usual.all} in all`);
  expect(costs).toContain(`a million photos cost ${asShards}: what is saved`);
  expect(costs).toContain(`which is ${cents(PRICES.s3GetPerMillion)} more.`);
  const both = (...kinds: readonly BillKind[]) =>
    `| ${usual.of(...kinds)} | ${usual.of(...kinds)} |`;
  expect(rowOf('S3 requests')).toContain(`| ${usual.of('s3')} | ${shards.of('s3')} |`);
  expect(rowOf('SQS (send')).toContain(both('sqs'));
  expect(rowOf('Fargate, 1 vCPU')).toContain(
    `${usual.spotShare} of it on Spot | – ${both('FARGATE', 'FARGATE_SPOT')}`,
  );
  expect(rowOf('a public address')).toContain(both('address'));
  expect(rowOf('logs, about')).toContain(`| ${usual.of('logs')} | ${shards.of('logs')} |`);
  expect(costs).toContain(
    `On x86 Fargate costs ${x86.compute}, and without Spot ${onDemand.compute}.`,
  );
  const compared = page('docs/compared-with.md');
  expect(compared).toContain(`| ${usual.compute}, or ${x86.compute} on x86, mostly on Spot |`);
  expect(compared).toContain(`| queueing per million | ${usual.of('sqs')} |`);
});
