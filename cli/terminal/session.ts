import type { Paint } from '../../local/view/paint';
import type { Environment } from '../../stacks/config/blueprint-config';
import type { withSourceArchive } from '../deliver/source-archive';
import type { NewPlaces } from '../new/read-command';
import type { Account, Place } from '../ports/account';
import type { LiveOutput } from './live-output';

/** What surrounds a command; a test brings its own. */
export interface Session {
  /** Prints to stdout, with a line's end. */
  readonly print: (text: string) => void;
  /** Prints to stderr what is no part of the answer. */
  readonly warn: (text: string) => void;
  readonly paint: Paint;
  /** Columns of the terminal; absent where stdout is not one, and nothing is shortened. */
  readonly columns?: number;
  /** Asks for a yes; absent without a terminal. */
  readonly ask?: (question: string) => Promise<boolean>;
  /**
   * Asks for a line; absent without a terminal. Ctrl-C and the end of input return an empty one.
   */
  readonly askForLine?: (question: string) => Promise<string>;
  /** Shows a line on stderr that the next one replaces; does nothing where that is no terminal. */
  readonly showProgress: (text: string) => void;
  /** Opens a liveOutput on stdout; absent where that is no terminal. */
  readonly openLiveOutput?: () => Promise<LiveOutput>;
  /**
   * Listens for Ctrl-C and its like from the first call on; aborted by the first one, while a
   * second one ends the process.
   */
  readonly interruptSignal: () => AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits for this time, or until a request to stop. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** @throws ConfigError with every fault of the configuration. */
  readonly environments: () => readonly Environment[];
  readonly openAccount: (place: Place) => Account;
  /**
   * Outputs of an environment's stacks by their names. @throws RefusalError where nothing was
   * deployed from here.
   */
  readonly outputs: (environment: string) => Promise<ReadonlyMap<string, string>>;
  /** Where a new workload goes, and where its program comes from. */
  readonly newPlaces: () => NewPlaces;
  /** Hands an address to a browser, where there is one. */
  readonly browse: (url: string) => void;
  /** Archives the last commit for as long as it is used. */
  readonly withSourceArchive: typeof withSourceArchive;
}
