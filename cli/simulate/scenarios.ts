import { readFileSync } from 'node:fs';
import { PRICES, type Prices, pricesIn } from '../../contract/prices';
import { ArrivalsError, arrivalsOf, arrivalsOfTable } from '../../simulator/arrivals';
import { defaultFigures } from '../../simulator/default-figures';
import type { Arrivals, Figures, Scenario } from '../../simulator/scenario';
import type { Environment } from '../../stacks/config/blueprint-config';
import { taskConcurrency } from '../../stacks/config/pipeline-settings';
import { longestGapSeconds } from '../../stacks/config/rules/schedule-gap';
import { UsageError } from '../terminal/failures';
import { type Calibration, measuredFigures, sourcesOf, withoutSlots } from './calibrate';
import { readComparison, type SettingsSet, withSettings } from './settings-sets';

/** What is asked of the simulator. */
export interface Question {
  readonly environment: Environment;
  readonly pipeline: string;
  readonly objects?: number;
  readonly arrive: string;
  /** Tried instead of the configured settings, in every scenario. */
  readonly set: SettingsSet;
  /** Policies or settings, each a scenario; empty: one scenario. */
  readonly compare: readonly string[];
  readonly assumed: Partial<Figures>;
  /** Those that are not us-east-1's. */
  readonly prices?: Partial<Prices>;
  /** Absent: the figures are those of benchmarks and reports. */
  readonly calibration?: Calibration;
  readonly seed: number;
}

export interface AskedScenarios {
  readonly scenarios: readonly Scenario[];
  /** What the answers rest on, a sentence each. */
  readonly remarks: readonly string[];
}

/** @throws UsageError, ConfigError */
export function scenariosOf(question: Question): AskedScenarios {
  const { compare, set, pipeline } = question;
  const arrivals = readArrivals(question);
  const names = compare.length > 0 ? compare : [pipeline];
  const all = names.map((name) =>
    scenario(question, {
      name,
      set: compare.length > 0 ? { ...set, ...readComparison(name) } : set,
    }),
  );
  return {
    scenarios: all.map((one) => ({ ...one.scenario, arrivals })),
    remarks: [...new Set(all.flatMap(({ remarks }) => remarks))],
  };
}

function scenario(question: Question, { name, set }: { name: string; set: SettingsSet }) {
  const { environment, pipeline, prices = {}, seed } = question;
  const settings = withSettings(environment, pipeline, set);
  const slots = taskConcurrency(settings);
  const calibration = calibrationFor(question, slots);
  const measured = calibration ? measuredFigures(calibration) : {};
  const assumed = { ...measured, ...question.assumed };
  const known = defaultFigures(settings, slots, assumed.jobSeconds);
  if (!known)
    throw new UsageError(
      `how long a job of the workload ${settings.workload} takes is not known: say it with ` +
        '--assume jobSeconds=30.',
    );
  const runEverySeconds = longestGapSeconds(settings.schedule) ?? 60;
  const free = freeAddresses(environment);
  const { region } = environment;
  const figures = { ...known.figures, ...(free && { freeAddresses: free }), ...assumed };
  const sources = Object.entries(calibration ? sourcesOf(calibration) : known.sources)
    .filter(([figure]) => !Object.hasOwn(question.assumed, figure))
    .map(([figure, source]) => {
      const value = Number(figures[figure as keyof Figures]);
      return `${figure} ${Number(value.toPrecision(3))}: ${source}.`;
    });
  return {
    scenario: {
      name,
      settings,
      region,
      hasPublicAddress: hasPublicAddress(environment),
      prices,
      figures,
      runEverySeconds,
      // On average an object waits for half of the time between two runs.
      firstRunSeconds: runEverySeconds / 2,
      seed,
    },
    remarks: [...sources, pricesOf(region, prices)],
  };
}

/** Which prices an answer has. */
function pricesOf(region: string, prices: Partial<Prices>): string {
  const given = Object.entries(prices).map(([name, dollars]) => `${name} ${dollars}`);
  const own = given.length === 0 ? '' : `, but ${given.join(', ')} as given`;
  const { region: known } = pricesIn(region);
  const others =
    region === known
      ? ''
      : `; those of ${region} are not known here, and may be others: --price takes them`;
  const { asOf } = PRICES;
  return `Prices of ${known} in ${asOf}, without free tiers and storage${own}${others}.`;
}

/** Tasks of a setting that is tried may have another number of slots than those of now. */
function calibrationFor({ environment, pipeline, calibration }: Question, slots: number) {
  const configured = environment.pipelines[pipeline];
  const isSame = configured === undefined || taskConcurrency(configured) === slots;
  return isSame ? calibration : calibration && withoutSlots(calibration);
}

function hasPublicAddress({ network }: Environment): boolean {
  return network.vpcId === null ? network.egress === 'public-ip' : network.assignPublicIp;
}

/** The subnets of an own VPC are a quarter of its block each, without the five that AWS keeps. */
function freeAddresses({ network }: Environment): readonly number[] | undefined {
  if (network.vpcId !== null) return undefined;
  const bits = 32 - Number(network.cidr.split('/')[1]) - 2;
  return Array.from({ length: network.availabilityZones }, () => 2 ** bits - 5);
}

const PATTERNS = 'burst, diurnal, a rate such as 200/s or 5000/h, or a file that ends in .csv';

function readArrivals({ arrive, objects }: Question): readonly Arrivals[] {
  try {
    if (arrive.endsWith('.csv')) return readTable(arrive, objects);
    if (objects === undefined)
      throw new UsageError(`say how many objects arrive, such as --objects 1e6.`);
    const arrivals = arrivalsOf(arrive, objects);
    if (arrivals) return arrivals;
  } catch (error) {
    if (error instanceof ArrivalsError)
      throw new UsageError(`--arrive ${arrive}: ${error.message}`);
    throw error;
  }
  throw new UsageError(`--arrive must be ${PATTERNS}, but ${arrive || 'nothing'} was given.`);
}

function readTable(file: string, objects: number | undefined): readonly Arrivals[] {
  if (objects !== undefined)
    throw new UsageError('the file of --arrive says how many objects arrive: leave out --objects.');
  return arrivalsOfTable(contentOf(file));
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { message } = cause as Error;
    throw new UsageError(`--arrive cannot read ${file} (${message}): name another file.`, {
      cause,
    });
  }
}
