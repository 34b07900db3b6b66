import type { RuleState } from '../ports/wake-up-checkup';
import type { TargetPipeline } from '../target/choose-pipeline';
import type { Target } from '../target/target';
import { type Finding, when } from './finding';
import { part, type Questions } from './questions';

/** What lets uploads wake a pipeline; what is absent was not asked, or not answered. */
export interface WakeUpParts {
  readonly wakeRule?: RuleState;
  /** Names of the rules whose events its queue takes. */
  readonly wakeSenders?: readonly string[];
  /** Lambda's word for the state of the mapping. */
  readonly wakeMapping?: string;
}

export function wakeUpQuestions({ account, chosen }: Target): Questions<WakeUpParts> {
  const { wakeRule, wakeQueue: queueName, scaler: functionName } = chosen;
  const { wakeUps } = account.checkup;
  return {
    wakeRule: part(`the rule ${wakeRule}`, () => wakeUps.rule(wakeRule)),
    wakeSenders: part(`the queue ${queueName}`, () => wakeUps.rulesOf(queueName)),
    wakeMapping: part(`the mapping of ${queueName}`, () =>
      wakeUps.mapping({ queueName, functionName }),
    ),
  };
}

/** States of a mapping that receives, or is about to. */
const RECEIVING: ReadonlySet<string> = new Set(['Enabled', 'Enabling', 'Creating', 'Updating']);

/** Uploads that wake nothing wait for the schedule, so that nothing else shows it. */
export function wakeUpFindings(
  { wakeRule, wakeSenders, wakeMapping }: WakeUpParts,
  { wakeRule: rule, wakeQueue: queue, environment }: TargetPipeline,
): readonly Finding[] {
  const redeploy = `Deploy again: \`npx cdktf deploy '${environment}-*'\` restores it.`;
  return [
    ...when(
      wakeRule?.isEnabled === false,
      'wake-rule-disabled',
      `The rule ${rule} is disabled, so that no upload wakes the pipeline.`,
      `Enable it: \`aws events enable-rule --name ${rule}\`.`,
    ),
    ...when(
      wakeRule?.targets.includes(queue) === false,
      'wake-rule-without-target',
      `The rule ${rule} does not send to ${queue}, so that no upload wakes the pipeline.`,
      redeploy,
    ),
    ...when(
      wakeSenders?.includes(rule) === false,
      'wake-queue-closed',
      `The policy of the queue ${queue} does not let the rule ${rule} send, so that no upload ` +
        'wakes the pipeline.',
      redeploy,
    ),
    ...when(
      wakeMapping !== undefined && !RECEIVING.has(wakeMapping),
      'wake-mapping-off',
      `Lambda takes no wake-ups from ${queue}: the state of their event source mapping is ` +
        `${wakeMapping}.`,
      wakeMapping === 'Missing'
        ? redeploy
        : 'Enable it: `aws lambda list-event-source-mappings` tells its UUID, and ' +
            '`aws lambda update-event-source-mapping --uuid UUID --enabled` does it.',
    ),
  ];
}
