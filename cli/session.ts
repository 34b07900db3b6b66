import type { Images, Parameters, TaskDefinitions } from '../deployer/ports';
import type { Paint } from '../local/view/paint';
import type { Environment } from '../stacks/config/blueprint-config';

/** AWS as the commands see it. */
export interface Account {
  readonly taskDefinitions: TaskDefinitions;
  readonly parameters: Parameters;
  readonly images: Images;
}

/** What surrounds a command; a test brings its own. */
export interface Session {
  /** Prints to stdout, with a line's end. */
  readonly print: (text: string) => void;
  readonly paint: Paint;
  /** Asks for a yes; absent where nobody sits at a terminal. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** @throws ConfigError with every fault of the configuration. */
  readonly environments: () => readonly Environment[];
  readonly connect: (region: string) => Account;
}
