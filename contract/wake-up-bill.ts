import { pluralize } from '../text/words';
import type { BillLine } from './bill';
import { PRICES, type Prices } from './prices';
import { SCALER_FUNCTION } from './schedule';

/** What wake-ups used. */
export interface WakeUpUsage {
  /** Of S3, one for each upload. */
  readonly events: number;
  /** To their queue: sends, those that it drops included, receives, deletes and hides. */
  readonly requests: number;
  readonly runs: number;
}

/** A run that finds a task. Its own line has about 330 bytes, and Lambda writes as many. */
const RUN = { seconds: 0.1, logBytes: 660 } as const;

/** US dollars for one run: the function, and its log. */
function runDollars(prices: Prices): number {
  const gbSeconds = RUN.seconds * (SCALER_FUNCTION.memoryMiB / 1_024);
  const { lambdaPerMillion, lambdaGbSecond, logGb } = prices;
  return lambdaPerMillion / 1e6 + gbSeconds * lambdaGbSecond + (RUN.logBytes / 1e9) * logGb;
}

export function wakeUpLines(
  usage: WakeUpUsage | undefined,
  prices: Prices = PRICES,
): readonly BillLine[] {
  if (!usage) return [];
  const { events, requests, runs } = usage;
  const { dataEventsPerMillion, fifoPerMillion } = prices;
  return [
    {
      kind: 'eventbridge',
      what: `EventBridge: ${pluralize(events, 'event')} of S3`,
      price: `EventBridge $${dataEventsPerMillion.toFixed(2)} per million`,
      dollars: (events * dataEventsPerMillion) / 1e6,
    },
    {
      kind: 'wake-queue',
      what: `SQS FIFO: at most ${pluralize(requests, 'request')} for wake-ups`,
      price: `SQS FIFO $${fifoPerMillion.toFixed(2)} per million`,
      dollars: (requests * fifoPerMillion) / 1e6,
    },
    {
      kind: 'wake-ups',
      what: `Wake-ups: ${pluralize(runs, 'run')} of a tenth of a second, and their log`,
      price: `Wake-ups $${(runDollars(prices) * 1e6).toFixed(2)} per million`,
      dollars: runs * runDollars(prices),
    },
  ];
}
