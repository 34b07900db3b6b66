import {
  type AwsResponse,
  errorResponse,
  jsonResponse,
  withBody,
} from '../../../local/ecs/aws-http';
import { type Call, outputOf, withInput } from '../call';
import type { Exchange, RequestFault } from '../fault-proxy';
import { killScaler } from '../scaler-runs';
import { answered, unanswered } from './strikes';

const is =
  (...operations: string[]) =>
  ({ operation }: Call) =>
    operations.includes(operation);

/** Old answers that are kept of one question. */
const REMEMBERED = 3;

/** Faults of what the scaler sees and does; they remember old answers, so a run makes its own. */
export function scalerFaults(): readonly RequestFault[] {
  const counts = new Memory('GetQueueAttributes');
  const lists = new Memory('ListTasks');
  // A client token that has launched answers with that launch, whatever room there is by now.
  const launched = new Set<unknown>();
  const isNewLaunch = ({ operation, input }: Call) =>
    operation === 'RunTask' && !launched.has(input.clientToken);
  return [
    {
      kind: 'scaler-throttling',
      canStrike: () => true,
      strike: answered(errorResponse('ThrottlingException', 'Rate exceeded'), 'refused'),
    },
    {
      // Its time is over: the function is killed, whatever it has done so far.
      kind: 'scaler-times-out',
      canStrike: () => true,
      strike: async ({ call, forward, reset }) => {
        await forward();
        killScaler(call.who);
        reset();
        return 'it took effect, and the function is killed before it hears of it';
      },
    },
    {
      kind: 'stale-counts',
      canStrike: is('GetQueueAttributes'),
      observe: counts.observe,
      strike: (exchange, draw) => counts.recall(exchange, draw),
    },
    {
      // Never twice in a row: what one run does not see, the next one does.
      kind: 'list-tasks-lags',
      canStrike: is('ListTasks'),
      observe: lists.observe,
      strike: (exchange) => lists.recall(exchange, 0),
    },
    {
      kind: 'run-task-resource',
      canStrike: isNewLaunch,
      observe: ({ operation, input }, { status }) => {
        if (operation === 'RunTask' && status === 200) launched.add(input.clientToken);
      },
      strike: answered(failure('RESOURCE:ENI'), 'nothing is launched'),
    },
    {
      kind: 'run-task-no-capacity',
      canStrike: isNewLaunch,
      strike: answered(failure(NO_CAPACITY), 'nothing is launched'),
    },
    {
      kind: 'run-task-partial',
      canStrike: (call) => isNewLaunch(call) && Number(call.input.count) > 1,
      strike: async ({ call, request, forward, answer }) => {
        const count = Number(call.input.count) - 1;
        const fewer = await forward(withInput(request, { ...call.input, count }));
        const { tasks } = outputOf(fewer) as { readonly tasks?: unknown };
        answer(withBody(fewer, { tasks, failures: [{ reason: NO_CAPACITY }] }));
        return `one of ${count + 1} is not launched`;
      },
    },
    { kind: 'run-task-reset-after', canStrike: is('RunTask'), strike: unanswered },
  ];
}

const NO_CAPACITY =
  'Capacity is unavailable at this time. Please try again later or in a different ' +
  'availability zone';

const failure = (reason: string): AwsResponse =>
  jsonResponse({ tasks: [], failures: [{ reason }] });

/** What was answered before, by what was asked. */
class Memory {
  private readonly answers = new Map<string, AwsResponse[]>();
  private isOld = false;

  readonly observe = (call: Call, answer: AwsResponse): void => {
    if (call.operation !== this.operation) return;
    const asked = JSON.stringify(call.input);
    this.answers.set(asked, [...(this.answers.get(asked) ?? []), answer].slice(-REMEMBERED));
    this.isOld = false;
  };

  constructor(private readonly operation: string) {}

  /** Never returns two old answers in a row. @returns how many looks ago the answer was true. */
  async recall({ call, forward, answer }: Exchange, draw: number): Promise<string> {
    const known = this.answers.get(JSON.stringify(call.input)) ?? [];
    const back = this.isOld ? 0 : Math.min(known.length, 1 + Math.floor(draw * known.length));
    const fresh = await forward();
    answer(known[known.length - back] ?? fresh);
    this.isOld = back > 0;
    return `what was true ${back} look(s) ago`;
  }
}
