import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { commandRecipe } from '../../application-code/command/command-recipe';
import { DEFAULT_WORKLOAD } from '../../application-code/workloads';
import { declared, defaultOf, factsOf } from '../../text/setting';
import { DELIVERY_SETTINGS } from './delivery-settings';
import { DESTINATION_SETTINGS, LABEL_SETTINGS } from './destination-settings';
import {
  ALARM_SETTINGS,
  BACKEND_SETTINGS,
  BUCKET_SETTINGS,
  CLUSTER_SETTINGS,
  NETWORK_SETTINGS,
  SCALER_SETTINGS,
} from './environment-settings';
import { EXISTING_BUCKET_SETTINGS, PIPELINE_SETTINGS } from './pipeline-settings';
import { PERMISSION_SETTINGS } from './program-settings';
import { SCALING_SETTINGS, STEP_SETTINGS } from './scaling-settings';
import { BLUEPRINT, ENVIRONMENT, settingsWith, workload, workloadSettings } from './schema';

/** Some settings, and where they stand in the configuration. */
interface Section {
  readonly title: string;
  readonly path?: string;
  readonly settings: Readonly<Record<string, z.core.$ZodType>>;
}

const ENVIRONMENT_PATH = 'environments.<name>';
const PIPELINE_PATH = `${ENVIRONMENT_PATH}.pipelines.<name>`;

/** The page does not name the workloads that a user adds: they must not make it outdated. */
const anyWorkload = declared(workload.clone(), {
  ...factsOf(workload),
  must: 'the name of such a folder',
});

/** All settings, in the order of the page. */
export const SECTIONS: readonly Section[] = [
  { title: 'The blueprint', settings: BLUEPRINT },
  { title: 'Each environment', path: `\`${ENVIRONMENT_PATH}\``, settings: ENVIRONMENT },
  { title: 'Network', path: `\`${ENVIRONMENT_PATH}.network\``, settings: NETWORK_SETTINGS },
  { title: 'Cluster', path: `\`${ENVIRONMENT_PATH}.cluster\``, settings: CLUSTER_SETTINGS },
  {
    title: 'Each pipeline',
    path: `\`${PIPELINE_PATH}\``,
    settings: { ...PIPELINE_SETTINGS, workload: anyWorkload },
  },
  ...Object.entries(DESTINATION_SETTINGS).map(([kind, settings]) => ({
    title: `A destination of ${kind}`,
    path: `\`${PIPELINE_PATH}.destination\` with \`kind: '${kind}'\``,
    settings,
  })),
  {
    title: 'A label by a pattern',
    path: `\`${PIPELINE_PATH}.destination.label\``,
    settings: LABEL_SETTINGS,
  },
  ...Object.entries(SCALING_SETTINGS).map(([policy, settings]) => ({
    title: `Scaling by ${policy}`,
    path: `\`${PIPELINE_PATH}.scaling\` with \`policy: '${policy}'\``,
    settings,
  })),
  { title: 'A step', path: `\`${PIPELINE_PATH}.scaling.steps[…]\``, settings: STEP_SETTINGS },
  {
    title: `Pipelines of the workload ${DEFAULT_WORKLOAD}`,
    path: `\`${PIPELINE_PATH}\` with \`workload: '${DEFAULT_WORKLOAD}'\`, the default`,
    settings: workloadSettings(DEFAULT_WORKLOAD),
  },
  {
    title: 'Pipelines of a program',
    path:
      `\`${PIPELINE_PATH}\` with \`povray\`, or with [your own job](your-own-job.md), whose\n` +
      '`recipe.ts` says what its recipe may be',
    settings: settingsWith(commandRecipe({ argv: ['program'] })),
  },
  {
    title: 'An existing bucket',
    path: `\`${PIPELINE_PATH}.existingSourceBucket\` and \`….existingDestinationBucket\``,
    settings: EXISTING_BUCKET_SETTINGS,
  },
  {
    title: 'A permission',
    path: `\`${PIPELINE_PATH}.permissions[…]\``,
    settings: PERMISSION_SETTINGS,
  },
  { title: 'Own buckets', path: `\`${ENVIRONMENT_PATH}.buckets\``, settings: BUCKET_SETTINGS },
  { title: 'Alarms', path: `\`${ENVIRONMENT_PATH}.alarms\``, settings: ALARM_SETTINGS },
  { title: 'Scaler', path: `\`${ENVIRONMENT_PATH}.scaler\``, settings: SCALER_SETTINGS },
  { title: 'Delivery', path: `\`${ENVIRONMENT_PATH}.delivery\``, settings: DELIVERY_SETTINGS },
  {
    title: 'State of Terraform',
    path: `\`${ENVIRONMENT_PATH}.backend\``,
    settings: BACKEND_SETTINGS,
  },
];

/** The page docs/configuration.md: every setting, from its declaration. */
export function configurationPage(): string {
  const sections = SECTIONS.map(({ title, path, settings }) =>
    [`## ${title}`, ...(path ? [path] : []), table(settings)].join('\n\n'),
  );
  return `${HEAD}\n${sections.join('\n\n')}\n\n${HARDENED}`;
}

function table(settings: Section['settings']): string {
  const rows = Object.entries(settings).map(
    ([name, schema]) =>
      `| \`${name}\` | ${factsOf(schema).about} | ${valuesOf(schema)} | ${shownDefault(schema)} |`,
  );
  return ['| setting | meaning | values | default |', '|---|---|---|---|', ...rows].join('\n');
}

function valuesOf(schema: z.core.$ZodType): string {
  const { must, range, each } = factsOf(schema);
  if (!range) return `${must}${each ? `, each ${each}` : ''}`;
  const [min, max] = [range.min, range.max].map((bound) => bound.toLocaleString('en-US'));
  return `${min} to ${max} ${range.unit}${must?.endsWith('`null`') ? ', or `null`' : ''}`;
}

function shownDefault(schema: z.core.$ZodType): string {
  const value: unknown =
    schema instanceof z.ZodMiniPrefault ? schema._zod.def.defaultValue : defaultOf(schema);
  if (value === undefined) return 'required';
  // An empty text is shown in its quotes.
  return `\`${typeof value === 'string' && value ? value : JSON.stringify(value)}\``;
}

const HEAD = `# Configuration

<!-- Made from the declarations of the settings by \`npm run docs\`. -->

All settings stand in [blueprint.config.ts](../blueprint.config.ts), or in the file that the
environment variable \`BLUEPRINT_CONFIG\` names; [examples](../examples/blueprint.config.ts)
show more
of them. Every setting may be left out unless it is required. A wrong one stops every command,
before anything is made, with one sentence for each fault.

\`npm start -- --pipeline photos\` runs a pipeline on this machine with its workload, recipe,
\`environment\` and limits. Its \`secrets\` are then variables of the same name of who starts it.
`;

const HARDENED = `## Everything on

The environment \`hardened\` of the [examples](../examples/blueprint.config.ts) has every setting on
that protects or records something. The policy scan finds nothing more there than a few kinds that
are argued in [skips.ts](../test/policies/skips.ts). What it costs beyond the default, in us-east-1:

| setting | a month |
|---|---|
| \`encryption: 'own'\` | $1, and $0.03 per 10,000 requests to KMS, which are few |
| \`network.egress: 'endpoints'\` | $58.40 for four interface endpoints in each of two zones |
| \`network.flowLogs: true\` | $0.50 a GB |
| \`cluster.containerInsights: 'enhanced'\` | $0.07 for each metric-month of running tasks |
| \`buckets.versioning: true\` | storage of overwritten and deleted objects, for 30 days |
| \`logRetentionDays: 365\` | $0.03 a GB and month |
| \`scaler.reservedConcurrency: 1\` | nothing, but it takes one run of the account's quota |
| \`scaler.tracing: true\` | $5 per million traces: $0.22 at a run a minute |
| \`delivery.sbom: true\` | nothing |
`;

/** `npm run docs` writes the page. */
if (require.main === module)
  writeFileSync(join(__dirname, '../../docs/configuration.md'), configurationPage());
