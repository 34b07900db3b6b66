import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAIL_ON } from '../../application-code/images/fail-on';
import { AWS_CLIENTS } from '../../application-code/worker/src/aws-clients';
import { LOG_LEVELS } from '../../application-code/worker/src/log-lines';

/** One setting as its doc comment tells it. */
interface Setting {
  readonly name: string;
  /** Meaning, unit and range. */
  readonly meaning: string;
  /** As in the comment, such as `10`, or `required`; null where it has none of its own. */
  readonly default: string | null;
}

const SOURCE = join(__dirname, 'blueprint-config.ts');

/** Interfaces of the settings, in the order of the page, with what stands above each table. */
const SECTIONS = [
  ['BlueprintInput', 'The blueprint', ''],
  ['EnvironmentSettings', 'Each environment', '`environments.<name>`'],
  ['NetworkSettings', 'Network', '`environments.<name>.network`'],
  ['ClusterSettings', 'Cluster', '`environments.<name>.cluster`'],
  ['PipelineSettings', 'Each pipeline', '`environments.<name>.pipelines.<name>`'],
  [
    'ExistingBucket',
    'An existing bucket',
    '`environments.<name>.pipelines.<name>.existingSourceBucket` and `….existingDestinationBucket`',
  ],
  ['BucketSettings', 'Own buckets', '`environments.<name>.buckets`'],
  ['AlarmSettings', 'Alarms', '`environments.<name>.alarms`'],
  ['ScalerSettings', 'Scaler', '`environments.<name>.scaler`'],
  ['DeliverySettings', 'Delivery', '`environments.<name>.delivery`'],
  ['BackendSettings', 'State of Terraform', '`environments.<name>.backend`'],
] as const;

/** The page docs/configuration.md: every setting, from the comments of its type. */
export function configurationPage(source = readFileSync(SOURCE, 'utf8')): string {
  const sections = SECTIONS.map(([type, title, path]) =>
    [`## ${title}`, ...(path && [path]), table(settingsOf(type, source))].join('\n\n'),
  );
  return `${HEAD}\n${sections.join('\n\n')}\n\n${HARDENED}`;
}

/** The settings of one interface of the type's source, in its order. */
export function settingsOf(
  type: string,
  source = readFileSync(SOURCE, 'utf8'),
): readonly Setting[] {
  const body = new RegExp(`export interface ${type} {\n(.*?)\n}`, 's').exec(source)?.[1] ?? '';
  const fields = onOneLine(body).matchAll(
    /(?: {2}\/\*\* (.+?) \*\/\n)? {2}readonly (\w+)\??: (.+);/g,
  );
  return [...fields].map(([, comment = '', name = '', type = '']) =>
    settingOf(name, type, comment),
  );
}

/** The same source; a doc comment of several lines stands on one. */
const onOneLine = (source: string): string =>
  source.replace(
    /\/\*\*\n(( +\* .*\n)+) +\*\//g,
    (_, lines: string) =>
      `/** ${lines
        .trim()
        .replace(/^ *\* /gm, '')
        .replace(/\n/g, ' ')} */`,
  );

/** Types that are unions of words elsewhere. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  LogLevel: LOG_LEVELS,
  FailOn: FAIL_ON,
  AwsClient: AWS_CLIENTS,
};

/**
 * A default is the sentence that begins with the word; a union of words is what the setting may be.
 */
function settingOf(name: string, type: string, comment: string): Setting {
  const sentence = /(?:^| )(?:Default (.+?)|Required)\.(?= [A-Z]|$)/.exec(comment);
  const meaning = sentence ? comment.replace(sentence[0], '') : comment;
  const words = WORDS[type] ?? [...type.matchAll(/'([^']+)'/g)].map(([, word]) => word);
  const choice =
    words.length > 0 ? ` One of ${words.map((word) => `\`${word}\``).join(', ')}.` : '';
  return {
    name,
    meaning: `${meaning.trim()}${choice}`,
    default: sentence && (sentence[1] ?? 'required'),
  };
}

function table(settings: readonly Setting[]): string {
  const rows = settings.map(
    (setting) => `| \`${setting.name}\` | ${setting.meaning} | ${setting.default ?? ''} |`,
  );
  return ['| setting | meaning, unit and range | default |', '|---|---|---|', ...rows].join('\n');
}

const HEAD = `# Configuration

<!-- Made from the comments in stacks/config/blueprint-config.ts by \`npm run docs\`. -->

All settings stand in [blueprint.config.ts](../blueprint.config.ts), or in the file that the environment variable \`BLUEPRINT_CONFIG\` names;
[examples](../examples/blueprint.config.ts) show more of them. Every setting may be left out unless it is required. A wrong one stops every command, before
anything is made, with one sentence for each fault.
`;

const HARDENED = `## Everything on

The environment \`hardened\` of the [examples](../examples/blueprint.config.ts) has every setting on that protects or records
something. The policy scan finds nothing more there than a few kinds that are argued in
[skips.ts](../test/policies/skips.ts). What it costs beyond the default, in us-east-1:

| setting | a month |
|---|---|
| \`encryption: 'own'\` | $1, and $0.03 per 10,000 requests to KMS; bucket keys and reused data keys keep them few |
| \`network.egress: 'endpoints'\` | $58.40 for four interface endpoints in each of two zones |
| \`network.flowLogs: true\` | $0.50 a GB |
| \`cluster.containerInsights: 'enhanced'\` | $0.07 for each metric-month of tasks that run; nothing at rest |
| \`buckets.versioning: true\` | storage of overwritten and deleted objects, for 30 days |
| \`logRetentionDays: 365\` | $0.03 a GB and month |
| \`scaler.reservedConcurrency: 1\` | nothing, but it takes one run of the account's quota |
| \`scaler.tracing: true\` | $5 per million traces: $0.22 at a run a minute |
| \`delivery.sbom: true\` | nothing |
`;
