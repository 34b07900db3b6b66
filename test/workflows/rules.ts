import { parse } from 'yaml';
import type { Job, Step, Workflow } from './workflow';

/** `owner/name@<commit> # v1.2.3`: a tag can move, a commit cannot; Dependabot reads the rest. */
const PINNED = /^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
const USES = /^\s*(?:- )?uses:\s*(.+?)\s*$/gm;

/** Rules that neither actionlint nor the auditor holds as strictly, one sentence each. */
export function brokenRules(text: string): readonly string[] {
  const workflow = parse(text) as Workflow;
  return [
    ...(isEmpty(workflow.permissions)
      ? []
      : [
          '`permissions: {}` is missing at the top: each job is granted what it needs, ' +
            'and nothing else.',
        ]),
    ...unpinned(text),
    ...Object.entries(workflow.jobs).flatMap(([name, job]) => brokenByJob(name, job)),
  ];
}

function isEmpty(permissions: unknown): boolean {
  return (
    typeof permissions === 'object' && permissions !== null && Object.keys(permissions).length === 0
  );
}

function unpinned(text: string): readonly string[] {
  return [...text.matchAll(USES)]
    .map(([, action = '']) => action)
    .filter((action) => !action.startsWith('./') && !PINNED.test(action))
    .map((action) => `${action} is not pinned: write \`owner/name@<full commit> # v1.2.3\`.`);
}

function brokenByJob(name: string, job: Job): readonly string[] {
  return [
    ...(job['timeout-minutes']
      ? []
      : [`The job ${name} has no timeout-minutes: GitHub's own limit is six hours.`]),
    ...job.steps.flatMap((step) => brokenByStep(name, step)),
  ];
}

function brokenByStep(job: string, { uses, run, with: inputs }: Step): readonly string[] {
  return [
    ...(uses?.startsWith('actions/checkout@') && inputs?.['persist-credentials'] !== false
      ? [
          `A checkout of the job ${job} leaves its token on disk: set ` +
            '`persist-credentials: false`.',
        ]
      : []),
    ...(run?.includes('${{')
      ? [
          `A command of the job ${job} holds an expression: pass it through \`env\`, ` +
            'where no text becomes a command.',
        ]
      : []),
  ];
}
