import {
  type CloudWatchLogsClient,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type LambdaClient,
} from '@aws-sdk/client-lambda';
import type { RunKind, Scaler } from '../ports/account';
import { undeployed } from './errors';

type Line = Readonly<Record<string, unknown>>;

export function createScaler(lambda: LambdaClient, logs: CloudWatchLogsClient): Scaler {
  return {
    async variables(FunctionName) {
      try {
        const { Environment } = await lambda.send(
          new GetFunctionConfigurationCommand({ FunctionName }),
        );
        return Environment?.Variables ?? {};
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ResourceNotFoundException') throw error;
        throw undeployed(`function ${FunctionName}`, error);
      }
    },
    async invoke(FunctionName, event) {
      const Payload = Buffer.from(JSON.stringify(event));
      const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload }));
      const payload = Buffer.from(answer.Payload ?? []).toString();
      if (answer.FunctionError) throw new Error(messageOf(payload));
      return Object(JSON.parse(payload || 'null'));
    },
    async lastRun(name, from, kind) {
      try {
        return await lastRun(logs, { logGroupName: `/aws/lambda/${name}`, from, kind });
      } catch (error) {
        // An emulator makes the group with the first line.
        if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
        throw error;
      }
    },
  };
}

function messageOf(payload: string): string {
  const { errorMessage } = Object(JSON.parse(payload || 'null')) as {
    readonly errorMessage?: string;
  };
  return errorMessage?.split('\n')[0] ?? payload;
}

async function lastRun(
  client: CloudWatchLogsClient,
  { logGroupName, from, kind }: { logGroupName: string; from: Date; kind: RunKind },
): Promise<Line | undefined> {
  let newest: { readonly at: number; readonly line: Line } | undefined;
  const query = {
    logGroupName,
    startTime: from.getTime(),
    filterPattern: `{ $.event = "${kind}" }`,
  };
  for await (const { events = [] } of paginateFilterLogEvents({ client }, query))
    for (const { timestamp = 0, message = '' } of events) {
      const line = lineOf(message, kind);
      if (line && timestamp >= (newest?.at ?? 0)) newest = { at: timestamp, line };
    }
  return newest?.line;
}

/** Emulators ignore the filter, so that lines of the runtime come as well. */
function lineOf(message: string, kind: RunKind): Line | undefined {
  if (!message.startsWith('{')) return undefined;
  try {
    const line = Object(JSON.parse(message)) as Line;
    return line.event === kind ? line : undefined;
  } catch {
    return undefined;
  }
}
