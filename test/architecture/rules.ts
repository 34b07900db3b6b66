import { posix } from 'node:path';
import type { SourceFacts } from './imports';

/** One arrow or habit of the house: says what is wrong with a file, or nothing. */
export interface Rule {
  readonly name: string;
  readonly broken: (facts: SourceFacts) => readonly string[];
}

/** Files by their paths: `in` selects them; `except` leaves some of them out. */
interface Selection {
  readonly in: RegExp;
  readonly except?: RegExp;
}

interface Arrow extends Selection {
  /** Imports that are forbidden: paths from the root, or names of packages. */
  readonly to: RegExp;
  readonly but?: RegExp;
  /** Allows what vanishes when compiled. */
  readonly allowsTypes?: true;
}

const TESTS = /\.test\.ts$|^(test|bench)\//;
const RUNTIMES = /^(application-code|dataset|lambda|deployer)\//;
const CDKTF = /^(@cdktf\/|cdktf(\/|$)|constructs(\/|$))(?!.*\/package\.json$)/;
const ROOMS = /^(application-code|dataset|lambda|deployer|contract|stacks|local|cli|main)(\/|$)/;
const MOST_LINES = 250;
/** Parts of a date in the zone of the machine, or in none. */
const LOCAL_TIME = new RegExp(
  String.raw`\.(toLocale(Date|Time)String|to(Time|Date|UTC)String|DateTimeFormat` +
    `|get(FullYear|Month|Date|Hours|Minutes))$`,
);

/** A relative specifier as a path from the root; a package's name unchanged. */
export function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
}

const isIn = ({ file }: SourceFacts, { in: place, except = TESTS }: Selection) =>
  place.test(file) && !except.test(file);

function arrow(name: string, { to, but, allowsTypes, ...files }: Arrow): Rule {
  const isForbidden = (target: string, typeOnly: boolean) =>
    to.test(target) && !but?.test(target) && !(allowsTypes && typeOnly);
  return {
    name,
    broken: (facts) =>
      (isIn(facts, files) ? facts.imports : [])
        .map(({ specifier, typeOnly }) => ({ target: resolve(facts.file, specifier), typeOnly }))
        .filter(({ target, typeOnly }) => isForbidden(target, typeOnly))
        .map(({ target }) => `imports ${target}`),
  };
}

function noUse(name: string, files: Selection, forbidden: RegExp): Rule {
  const broken = (facts: SourceFacts) =>
    isIn(facts, files) ? [...facts.uses].filter((use) => forbidden.test(use)) : [];
  return { name, broken: (facts) => broken(facts).map((use) => `uses ${use}`) };
}

export const RULES: readonly Rule[] = [
  arrow('contract/ is pure: neither cdktf, nor the AWS SDK, nor a room that uses it', {
    in: /^contract\//,
    to: /^(@|cdktf|constructs|node:|dataset\/|local\/|stacks\/|cli\/|test\/)/,
  }),
  {
    name: 'contract/ takes types and constants alone from worker and scaler, none from an adapter',
    broken: (facts) =>
      (isIn(facts, { in: /^contract\// }) ? facts.imports : [])
        .map((one) => ({ ...one, target: resolve(facts.file, one.specifier) }))
        .filter(({ target }) => /^(application-code\/(?!workloads$)|lambda\/)/.test(target))
        .flatMap(({ target, values }) =>
          values
            .filter((value) => !/^[A-Z][A-Z0-9_]*$/.test(value) || /\/aws\//.test(target))
            .map((value) => `imports ${value} of ${target}`),
        ),
  },
  arrow('text/ is the ground floor: it imports packages alone', {
    in: /^text\//,
    to: new RegExp(`${ROOMS.source}|^(folder|test|bench)/`),
  }),
  arrow('folder/ is the ground floor: it imports packages and text/ alone', {
    in: /^folder\//,
    to: new RegExp(`${ROOMS.source}|^(test|bench)/`),
  }),
  arrow('stacks/ describes: it imports neither the AWS SDK nor local/ nor cli/', {
    in: /^(stacks\/|main\.ts$)/,
    to: /^(@(aws-sdk|smithy)\/|local\/|cli\/)/,
  }),
  arrow('stacks/ describes: its tests import no AWS SDK', {
    in: /^stacks\/.*\.test\.ts$/,
    except: /^$/,
    to: /^@(aws-sdk|smithy)\//,
  }),
  arrow('local/ knows of stacks/ the configuration alone', {
    in: /^local\//,
    except: /^$/,
    to: /^(stacks\/|main$)/,
    but: /^stacks\/config\/(blueprint-config|schema|load-config|pipeline-settings)$/,
  }),
  arrow('stacks/config/ can be read without cdktf', {
    in: /^stacks\/config\//,
    except: /^$/,
    to: new RegExp(`${CDKTF.source}|^stacks/`),
    but: /^stacks\/config\//,
  }),
  arrow('cdktf is imported only by main.ts, stacks/ and its fakes', {
    in: /./,
    except: /^(main\.ts$|stacks\/|test\/fakes\/stacks\/)/,
    to: CDKTF,
  }),
  arrow('@aws-sdk/* is imported only under an aws/ folder, by cli/ and by local/', {
    in: /./,
    except: new RegExp(`(^|/)aws/|^(cli|local)/|${TESTS.source}`),
    to: /^@aws-sdk\//,
  }),
  noUse(
    'process.env is read only by environment.ts, what runs before a synth and local/',
    {
      in: /./,
      except: new RegExp(
        `(^|/)(environment|load-config|terraform-version)\\.ts$|^(local|cli)/|${TESTS.source}`,
      ),
    },
    /^process\.env$/,
  ),
  noUse(
    'clock and chance come in through a parameter',
    {
      in: new RegExp(`${RUNTIMES.source}|^simulator/`),
      except: new RegExp(`/clock\\.ts$|${TESTS.source}`),
    },
    /^(Date\.now\(\)|Math\.random\(\)|new Date\(\))$/,
  ),
  noUse(
    'only an entry ends the process',
    { in: RUNTIMES, except: new RegExp(`(^|/)(main|handler)\\.ts$|${TESTS.source}`) },
    /^process\.exit\(\)$/,
  ),
  noUse(
    'a time is printed in UTC with its zone: as an ISO string, or by text/units.ts',
    { in: /^(cli|local|deployer)\// },
    LOCAL_TIME,
  ),
  arrow('the core knows adapters by their ports alone', {
    in: RUNTIMES,
    except: new RegExp(`(^|/)(main|handler|aws/.*)\\.ts$|${TESTS.source}`),
    to: /(^|\/)aws\//,
  }),
  arrow('cli/ knows of stacks/ the configuration, of local/ how to show, stop and reach it', {
    in: /^cli\//,
    // It prepares the checkout before it loads the command.
    except: new RegExp(`^cli/spillway\\.mjs$|${TESTS.source}`),
    to: /^(stacks|local|main)(\/|$)|^(application-code|lambda)\/.*\/aws\//,
    but: new RegExp(
      '^stacks/config/|^local/(view/(paint|html)|run/stop-requests|environment' +
        '|emulator/use-emulator|aws/clients|dataset/folder-store|files/.*)$',
    ),
  }),
  arrow('a command of cli/ knows AWS by its session alone', {
    in: /^cli\//,
    except: new RegExp(`^cli/(aws/|main\\.ts$)|${TESTS.source}`),
    to: /^@aws-sdk\/|(^|\/)aws\//,
  }),
  arrow('nothing but tests imports cli/', {
    in: /./,
    except: new RegExp(`^cli/|${TESTS.source}`),
    to: /^cli\//,
  }),
  arrow('the worker stands alone', {
    in: /^application-code\/worker\//,
    to: /^(application-code|dataset|lambda|local|cli|stacks|test|bench)\//,
    but: /^application-code\/worker\//,
    allowsTypes: true,
  }),
  arrow('the scaler stands alone', {
    in: /^lambda\/scaler\//,
    to: /^(application-code|lambda|local|cli|stacks|test|bench)\//,
    but: /^lambda\/scaler\//,
    allowsTypes: true,
  }),
  arrow('the simulator is pure: neither cdktf, nor the AWS SDK, nor a command', {
    in: /^simulator\//,
    to: /^(@|cdktf|constructs|node:|local\/|stacks\/|cli\/|lambda\/.*\/aws\/)/,
    allowsTypes: true,
  }),
  arrow('a dataset knows of the engine what a part is and how a task is told, no AWS client', {
    in: /^dataset\//,
    to: /^(application-code|lambda|deployer|contract|stacks|local|cli)\//,
    but: /^application-code\/worker\/src\/(parts\/|settings$|log-lines$)/,
  }),
  arrow('the deployer knows no picture, and takes what is pure: contract, workloads, the engine', {
    in: /^deployer\//,
    to: /^(sharp$|(application-code|lambda|local|cli|stacks|test|bench)\/)/,
    but: /^application-code\/(workloads$|worker\/src\/(?!(.*\/)?aws\/|(.*\/)?(main|environment)$))/,
  }),
  noUse(
    'S3 events are written by contract/object-created-event.ts alone',
    { in: /./, except: new RegExp(`^contract/object-created-event\\.ts$|${TESTS.source}`) },
    /^'ObjectCreated:Put'$/,
  ),
  arrow('decide.ts and scaling.ts are pure: they import types, and the one the other', {
    in: /\/(decide|scaling)\.ts$/,
    to: /^(?!lambda\/scaler\/decision\/scaling$)/,
    allowsTypes: true,
  }),
  arrow('nothing outside tests imports a test, a fake or a benchmark', {
    in: /./,
    to: /^(test|bench)\/|\.test$/,
  }),
  named(
    'a fake stands in test/fakes/ or beside its benchmark, never among the product',
    /^(?!test\/|bench\/).*(^|[/-])(fakes?|doubles?|mocks?|stubs?|stand-in|fixtures?)([/.-]|$)/,
  ),
  noUse(
    'a private member is `private`, so that a constructor can declare it',
    { in: /./, except: /^$/ },
    /^#private$/,
  ),
  named(
    'no drawer for odds and ends',
    /(^|\/)(utils?|common|helpers?|services?|managers?)(\/|\.ts$)/,
  ),
  {
    name: `a file has at most ${MOST_LINES} lines`,
    broken: ({ lines }) => (lines > MOST_LINES ? [`has ${lines} lines`] : []),
  },
];

function named(name: string, forbidden: RegExp): Rule {
  return { name, broken: ({ file }) => (forbidden.test(file) ? ['has such a name'] : []) };
}
