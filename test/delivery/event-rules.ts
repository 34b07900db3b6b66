import { LOCAL_ACCOUNT_ID, LOCAL_REGION } from '../../local/environment';
import { askJson } from './aws-json';

/** What happened, as EventBridge hears it. */
export interface EventHappened {
  readonly source: string;
  readonly 'detail-type': string;
  readonly resources?: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

interface EventRule {
  readonly Name: string;
  readonly EventPattern?: string;
  readonly State: string;
}

/** What a rule starts, and as whom. */
export interface EventTarget {
  readonly Arn: string;
  readonly RoleArn?: string;
}

/** What the rules at the emulator would start for an event, which it does not do itself. */
export async function startedBy(
  endpoint: string,
  happened: EventHappened,
): Promise<readonly EventTarget[]> {
  const { Rules } = await ask<{ readonly Rules: readonly EventRule[] }>(endpoint, 'ListRules', {});
  const event = JSON.stringify({
    version: '0',
    id: '00000000-0000-4000-8000-000000000000',
    account: LOCAL_ACCOUNT_ID,
    region: LOCAL_REGION,
    time: '2026-01-01T00:00:00Z',
    resources: [],
    ...happened,
  });
  const targets = await Promise.all(
    Rules.map(async ({ Name, EventPattern, State }) => {
      if (!EventPattern || State !== 'ENABLED') return [];
      return (await matches(endpoint, EventPattern, event)) ? targetsOf(endpoint, Name) : [];
    }),
  );
  return targets.flat();
}

async function matches(endpoint: string, EventPattern: string, Event: string): Promise<boolean> {
  const input = { EventPattern, Event };
  return (await ask<{ readonly Result: boolean }>(endpoint, 'TestEventPattern', input)).Result;
}

async function targetsOf(endpoint: string, Rule: string): Promise<readonly EventTarget[]> {
  const input = { Rule };
  const answer = await ask<{ readonly Targets: readonly EventTarget[] }>(
    endpoint,
    'ListTargetsByRule',
    input,
  );
  return answer.Targets;
}

function ask<T>(endpoint: string, operation: string, input: object): Promise<T> {
  return askJson<T>(endpoint, { service: 'events', target: `AWSEvents.${operation}`, input });
}
