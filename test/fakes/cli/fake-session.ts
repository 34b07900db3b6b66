import type { SourceArchive } from '../../../cli/deliver/source-archive';
import type { NewPlaces } from '../../../cli/new/read-command';
import type { Account, Place } from '../../../cli/ports/account';
import { createProgram } from '../../../cli/program';
import type { Session } from '../../../cli/terminal/session';
import type { DeployOutcome } from '../../../contract/delivery';
import type { BlueprintInput } from '../../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../../stacks/config/load-config';
import { type FakeFamily, fakeFamily } from '../deployer/fake-family';

export const NOW = Date.UTC(2026, 0, 10, 12);
export const TASK_DEFINITION = '/spillway/dev/photos/task-definition';
export const RECIPE = '/spillway/dev/photos/recipe';
export const OUTCOME = '/spillway/dev/photos/delivery/outcome';

const ONE: BlueprintInput = { environments: { dev: { region: 'eu-central-1' } } };

export interface Surroundings {
  readonly blueprint?: BlueprintInput;
  /** What there is in AWS; a test that asks for another port fails. */
  readonly account?: Partial<Account> | FakeFamily;
  /** What the user at the terminal answers; absent: there is no terminal. */
  readonly answer?: boolean;
  /** What the user at the terminal types; absent: there is no terminal. */
  readonly typed?: string;
  /** Milliseconds since the epoch; sleeping moves it on. */
  readonly clock?: { now: number };
  readonly stop?: AbortSignal;
  /** Outputs of the stacks. */
  readonly outputs?: Readonly<Record<string, string>>;
  /** What the last commit is archived as. */
  readonly archive?: SourceArchive;
  /** Called at every note. */
  readonly onWarning?: () => void;
  /** Called at every sleep. */
  readonly onSleep?: () => void;
  /** Where `new` writes. */
  readonly newPlaces?: NewPlaces;
}

/** Revisions 1, 2, 4 and 5, of which one is promoted; the others were, unless none is. */
export function fakeAccount(
  promoted = 'spillway-dev-photos-worker:5',
  outcome?: DeployOutcome,
): FakeFamily {
  const family = 'spillway-dev-photos-worker';
  const numbers = [1, 2, 4, 5];
  const before = numbers.map((number) => `${family}:${number}`).filter((name) => name !== promoted);
  return fakeFamily({
    family,
    repository: 'spillway-dev-worker',
    numbers,
    parameters: {
      [TASK_DEFINITION]: promoted === 'none' ? ['none'] : ['none', ...before, promoted],
      [RECIPE]: ['none'],
      [OUTCOME]: [outcome ? JSON.stringify(outcome) : 'none'],
    },
  });
}

/** Runs a command line on fakes. @returns what it showed and asked, and how it failed. */
export async function tryCommand(line: string, surroundings: Surroundings = {}) {
  const {
    blueprint = ONE,
    account = fakeAccount(),
    answer,
    typed,
    clock = { now: NOW },
  } = surroundings;
  const printed: string[] = [];
  const warnings: string[] = [];
  const asked: string[] = [];
  const places: Place[] = [];
  const shown: string[] = [];
  const answering =
    <Answer>(given: Answer) =>
    async (question: string) => {
      asked.push(question);
      return given;
    };
  const session: Session = {
    print: (text) => printed.push(text),
    warn: (text) => {
      warnings.push(text);
      surroundings.onWarning?.();
    },
    paint: (_style, text) => text,
    ...(answer !== undefined && { ask: answering(answer) }),
    ...(typed !== undefined && { askForLine: answering(typed) }),
    showProgress: (text) => shown.push(text),
    now: () => clock.now,
    sleep: async (milliseconds) => {
      clock.now += milliseconds;
      surroundings.onSleep?.();
    },
    interruptSignal: () => surroundings.stop ?? new AbortController().signal,
    environments: () => resolveBlueprint(blueprint),
    openAccount: (place) => {
      places.push(place);
      return account as Account;
    },
    outputs: async () => {
      if (!surroundings.outputs) throw new Error('AWS was asked');
      return new Map(Object.entries(surroundings.outputs));
    },
    withSourceArchive: async (use) => {
      if (!surroundings.archive) throw new Error('git was asked');
      return use(surroundings.archive);
    },
    newPlaces: () => {
      if (!surroundings.newPlaces) throw new Error('the checkout was written');
      return surroundings.newPlaces;
    },
    browse: (url) => shown.push(url),
  };
  const words = (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'));
  const error: unknown = await createProgram(session, (text) => printed.push(text))
    .parseAsync(words, { from: 'user' })
    .then(
      () => undefined,
      (failure: unknown) => failure,
    );
  return { text: printed.join('\n'), warnings: warnings.join('\n'), shown, asked, places, error };
}

/** As {@link tryCommand}, for a command that is to succeed. @throws what the command throws. */
export async function runCommand(line: string, surroundings: Surroundings = {}) {
  const { error, places, ...told } = await tryCommand(line, surroundings);
  if (error !== undefined) throw error;
  return { ...told, regions: places.map(({ region }) => region) };
}
