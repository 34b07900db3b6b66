import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WORKER_VARIABLES } from '../../application-code/worker/src/settings';
import { queueNumbers } from '../../contract/queue-attributes';
import { STOP_TIMEOUT_SECONDS } from '../../contract/task-definition';
import { factsOf, type Range } from '../../text/setting';
import { configurationPage, settingsOf } from './configuration-page';
import { DEFAULT_ENVIRONMENT, DEFAULT_PIPELINE } from './defaults';
import { CPU_UNITS } from './fargate-sizes';
import {
  ALARM_RANGES,
  BUCKET_RANGES,
  DELIVERY_RANGES,
  LOG_RETENTION_DAYS,
  NETWORK_RANGES,
  PIPELINE_RANGES,
  SCALER_RANGES,
} from './ranges';

const { network, cluster, buckets, alarms, scaler, delivery, ...environment } = DEFAULT_ENVIRONMENT;
const TYPES: readonly (readonly [string, object, Readonly<Record<string, Range>>])[] = [
  ['EnvironmentSettings', environment, {}],
  ['NetworkSettings', network, NETWORK_RANGES],
  ['ClusterSettings', cluster, {}],
  ['BucketSettings', buckets, BUCKET_RANGES],
  ['AlarmSettings', alarms, ALARM_RANGES],
  ['ScalerSettings', scaler, SCALER_RANGES],
  ['DeliverySettings', delivery, DELIVERY_RANGES],
  ['PipelineSettings', DEFAULT_PIPELINE, PIPELINE_RANGES],
];

const setting = (type: string, name: string) => settingsOf(type).find((one) => one.name === name);

describe('the page of the configuration', () => {
  test('is what the comments say now; `npm run docs` makes it', () => {
    const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');
    expect(page).toBe(configurationPage());
  });

  test('says something of every setting', () => {
    const all = TYPES.flatMap(([type]) => settingsOf(type));
    expect(all.length).toBeGreaterThan(60);
    expect(all.filter(({ meaning }) => meaning === '')).toEqual([]);
  });
});

describe('a comment says the default that holds', () => {
  const rows = TYPES.flatMap(([type, defaults]) =>
    Object.entries(defaults).map(([name, value]) => [type, name, value] as const),
  ).filter(([, name]) => name !== 'recipe');

  test.each(rows)('%s.%s', (type, name, value) => {
    const said = /^(?:`([^`]+)`|(\d+))(?=$|[:;,])/.exec(setting(type, name)?.default ?? '');
    expect(said?.[1] ?? said?.[2]).toBe(typeof value === 'string' ? value : JSON.stringify(value));
  });

  test('PipelineSettings.recipe', () => {
    expect(DEFAULT_PIPELINE.recipe.map(({ name }) => name)).toEqual(['224x224']);
    expect(setting('PipelineSettings', 'recipe')?.default).toContain('one, `224x224`');
  });
});

describe('a comment says the range that holds', () => {
  const rows = TYPES.flatMap(([type, , ranges]) =>
    Object.entries(ranges).map(([name, { min, max }]) => [type, name, min, max] as const),
  );

  test.each(rows)('%s.%s is from %d to %d', (type, name, min, max) => {
    const bounds = /(\d[\d,]*) to (\d[\d,]*)( GiB| million)?/.exec(
      setting(type, name)?.meaning ?? '',
    );
    const unit = name.endsWith('GiB')
      ? 1
      : bounds?.[3] === ' GiB'
        ? 2 ** 30
        : bounds?.[3]
          ? 1e6
          : 1;
    const number = (text = '') => Number(text.replaceAll(',', ''));
    expect([number(bounds?.[1]), number(bounds?.[2]) * unit]).toEqual([min, max]);
  });

  test('as a list, where only some values are allowed', () => {
    const numbers = (text = '') => (text.match(/\d+/g) ?? []).map(Number);
    const cpu = setting('PipelineSettings', 'cpuUnits')?.meaning.split(': ')[1];
    const days = setting('EnvironmentSettings', 'logRetentionDays')?.meaning;
    expect(numbers(cpu)).toEqual(CPU_UNITS);
    expect(numbers(days)).toEqual(LOG_RETENTION_DAYS);
  });
});

describe('bounds that follow from others', () => {
  test('the dead-letter queue keeps the longest retention four days longer, which SQS allows', () => {
    const { max } = PIPELINE_RANGES.retentionDays;
    const days = (seconds: number) => seconds / 86_400;
    const numbers = queueNumbers({
      retentionDays: max,
      visibilityTimeoutSeconds: 120,
      maxAttempts: 8,
    });
    expect(
      days(numbers.deadLetterRetentionSeconds) - days(numbers.workRetentionSeconds),
    ).toBeGreaterThanOrEqual(4);
    expect(days(numbers.deadLetterRetentionSeconds)).toBe(14);
  });

  test('the longest drain ends before ECS kills', () => {
    expect(PIPELINE_RANGES.drainDeadlineSeconds.max).toBeLessThan(STOP_TIMEOUT_SECONDS);
  });

  test('the smallest and the largest task are in the worker’s range of memory', () => {
    const { range: worker } = factsOf(WORKER_VARIABLES.memoryLimitMiB.schema);
    expect(PIPELINE_RANGES.memoryMiB.min).toBeGreaterThanOrEqual(worker?.min ?? Number.NaN);
    expect(PIPELINE_RANGES.memoryMiB.max).toBeLessThanOrEqual(worker?.max ?? Number.NaN);
  });
});
