import { posix } from 'node:path';
import type { SourceFacts } from './imports';

/** One arrow or habit of the house: says what is wrong with a file, or nothing. */
export interface Rule {
  readonly name: string;
  readonly broken: (facts: SourceFacts) => readonly string[];
}

const inside = (file: string, ...places: string[]) =>
  places.some((place) => file === place || file.startsWith(place));
const isTest = (file: string) => file.endsWith('.test.ts') || inside(file, 'test/', 'bench/');
const runtime = (file: string) =>
  inside(file, 'application-code/', 'lambda/', 'deployer/') && !isTest(file);
const targets = (facts: SourceFacts, matches: (target: string, typeOnly: boolean) => boolean) =>
  facts.imports
    .map(({ specifier, typeOnly }) => ({ target: resolve(facts.file, specifier), typeOnly }))
    .filter(({ target, typeOnly }) => matches(target, typeOnly))
    .map(({ target }) => `imports ${target}`);
const used = (facts: SourceFacts, ...names: string[]) =>
  names.filter((name) => facts.uses.has(name)).map((name) => `uses ${name}`);

/** A relative specifier as a path from the root; a package's name unchanged. */
export function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier;
}

/**
 * Parts of a date in the zone of the machine, or without any; a number's `toLocaleString` is none.
 */
const LOCAL_TIME =
  /\.(toLocale(Date|Time)String|to(Time|Date|UTC)String|get(FullYear|Month|Date|Hours|Minutes)|DateTimeFormat)$/;

export const RULES: readonly Rule[] = [
  {
    name: 'contract/ is pure: neither cdktf, nor the AWS SDK, nor a room that uses it',
    broken: (facts) =>
      inside(facts.file, 'contract/') && !isTest(facts.file)
        ? targets(facts, (target) =>
            /^(@|cdktf|constructs|node:|local\/|stacks\/|cli\/|test\/)/.test(target),
          )
        : [],
  },
  {
    name: 'contract/ takes types and constants alone from worker and scaler, and none from an adapter',
    broken: (facts) =>
      inside(facts.file, 'contract/') && !isTest(facts.file)
        ? facts.imports
            .map((one) => ({ ...one, target: resolve(facts.file, one.specifier) }))
            .filter(({ target }) => /^(application-code|lambda)\//.test(target))
            .flatMap(({ target, values }) =>
              values
                .filter((value) => !/^[A-Z][A-Z0-9_]*$/.test(value) || /\/aws\//.test(target))
                .map((value) => `imports ${value} of ${target}`),
            )
        : [],
  },
  {
    name: 'text/ is the ground floor: it imports nothing but packages, and folder/ only text/ besides',
    broken: (facts) =>
      inside(facts.file, 'text/', 'folder/') && !isTest(facts.file)
        ? targets(
            facts,
            (target) =>
              /^(application-code|lambda|deployer|contract|stacks|local|cli|test|bench|main)(\/|$)/.test(
                target,
              ) ||
              (inside(facts.file, 'text/') && inside(target, 'folder/')),
          )
        : [],
  },
  {
    name: 'stacks/ describes: it imports neither the AWS SDK nor local/',
    broken: (facts) =>
      inside(facts.file, 'stacks/', 'main.ts')
        ? targets(facts, (target) =>
            // A test may hold what is deployed against what one machine says of it.
            (facts.file.endsWith('.test.ts')
              ? /^@(aws-sdk|smithy)\//
              : /^(@(aws-sdk|smithy)\/|local\/|cli\/)/
            ).test(target),
          )
        : [],
  },
  {
    name: 'local/ knows of stacks/ what can be set and its defaults',
    broken: (facts) =>
      inside(facts.file, 'local/')
        ? targets(
            facts,
            (target) =>
              target === 'main' ||
              (inside(target, 'stacks/') &&
                !/^stacks\/config\/(blueprint-config|defaults)$/.test(target)),
          )
        : [],
  },
  {
    name: 'stacks/config/ can be read without cdktf',
    broken: (facts) =>
      inside(facts.file, 'stacks/config/')
        ? targets(
            facts,
            (target) =>
              /^(@cdktf\/|cdktf(\/|$)|constructs(\/|$))/.test(target) ||
              (inside(target, 'stacks/') && !inside(target, 'stacks/config/')),
          )
        : [],
  },
  {
    name: 'cdktf is imported only by main.ts, stacks/ and its fakes',
    broken: (facts) =>
      facts.file === 'main.ts' || inside(facts.file, 'stacks/', 'test/fakes/stacks/')
        ? []
        : targets(facts, (target) =>
            /^(@cdktf\/|cdktf(\/|$)|constructs(\/|$))(?!.*\/package\.json$)/.test(target),
          ),
  },
  {
    name: '@aws-sdk/* is imported only under an aws/ folder, by cli/ and by local/',
    broken: (facts) =>
      /(^|\/)aws\//.test(facts.file) || inside(facts.file, 'cli/', 'local/') || isTest(facts.file)
        ? []
        : targets(facts, (target) => target.startsWith('@aws-sdk/')),
  },
  {
    name: 'process.env is read only by environment.ts, what runs before a synth and local/',
    broken: (facts) =>
      /(^|\/)(environment|load-config|terraform-version)\.ts$/.test(facts.file) ||
      inside(facts.file, 'local/', 'cli/') ||
      isTest(facts.file)
        ? []
        : used(facts, 'process.env'),
  },
  {
    name: 'clock and chance come in through a parameter, and only an entry ends the process',
    broken: (facts) => [
      ...(runtime(facts.file) && !facts.file.endsWith('/clock.ts')
        ? used(facts, 'Date.now()', 'Math.random()', 'new Date()')
        : []),
      ...(runtime(facts.file) && !/(^|\/)(main|handler)\.ts$/.test(facts.file)
        ? used(facts, 'process.exit()')
        : []),
    ],
  },
  {
    name: 'a time is printed in UTC with its zone: as an ISO string, or by text/time-of-day.ts',
    broken: (facts) =>
      inside(facts.file, 'cli/', 'local/', 'deployer/') && !isTest(facts.file)
        ? [...facts.uses].filter((use) => LOCAL_TIME.test(use)).map((use) => `uses ${use}`)
        : [],
  },
  {
    name: 'the core knows adapters by their ports alone',
    broken: (facts) =>
      runtime(facts.file) && !/(^|\/)(main|handler|aws\/.*)\.ts$/.test(facts.file)
        ? targets(facts, (target) => /(^|\/)aws\//.test(target))
        : [],
  },
  {
    name: 'cli/ knows of stacks/ the configuration, and of local/ how to paint, stop and reach its emulator',
    broken: (facts) =>
      inside(facts.file, 'cli/') && !isTest(facts.file)
        ? targets(
            facts,
            (target) =>
              (/^(stacks|local|main)(\/|$)/.test(target) &&
                !/^stacks\/config\/|^local\/(view\/paint|run\/stop-requests|environment|emulator\/use-emulator|aws\/clients|files\/.*)$/.test(
                  target,
                )) ||
              /^(application-code|lambda)\/.*\/aws\//.test(target),
          )
        : [],
  },
  {
    name: 'a command of cli/ knows AWS by its session alone',
    broken: (facts) =>
      inside(facts.file, 'cli/') &&
      !inside(facts.file, 'cli/aws/', 'cli/main.ts') &&
      !isTest(facts.file)
        ? targets(facts, (target) => /^@aws-sdk\/|(^|\/)aws\//.test(target))
        : [],
  },
  {
    name: 'nothing but tests imports cli/',
    broken: (facts) =>
      inside(facts.file, 'cli/') || isTest(facts.file)
        ? []
        : targets(facts, (target) => target.startsWith('cli/')),
  },
  {
    name: 'the worker and the scaler stand alone',
    broken: (facts) => {
      const room = ['application-code/worker/', 'lambda/scaler/'].find((place) =>
        facts.file.startsWith(place),
      );
      const leaves = (target: string, typeOnly: boolean) =>
        !typeOnly &&
        /^(application-code|lambda|local|cli|stacks|test|bench)\//.test(target) &&
        !(facts.file.endsWith('/environment.ts') && inside(target, 'application-code/images/'));
      return room && !isTest(facts.file)
        ? targets(facts, (target, typeOnly) => leaves(target, typeOnly) && !target.startsWith(room))
        : [];
    },
  },
  {
    name: 'the deployer knows no picture, and takes of other rooms what is pure: the contract, and the worker but for its adapters and entry',
    broken: (facts) =>
      inside(facts.file, 'deployer/') && !isTest(facts.file)
        ? targets(
            facts,
            (target) =>
              target === 'sharp' ||
              (/^(application-code|lambda|local|cli|stacks|test|bench)\//.test(target) &&
                target !== 'application-code/workloads' &&
                (!inside(target, 'application-code/worker/src/') ||
                  /\/(aws\/.*|main|environment)$/.test(target))),
          )
        : [],
  },
  {
    name: 'S3 events are written by contract/object-created-event.ts alone',
    broken: (facts) =>
      inside(facts.file, 'contract/object-created-event.ts') || isTest(facts.file)
        ? []
        : used(facts, "'ObjectCreated:Put'"),
  },
  {
    name: 'decide.ts is pure: it imports types alone',
    broken: (facts) =>
      facts.file.endsWith('/decide.ts') ? targets(facts, (_target, typeOnly) => !typeOnly) : [],
  },
  {
    name: 'nothing outside tests imports a test',
    broken: (facts) =>
      isTest(facts.file) ? [] : targets(facts, (target) => /^(test|bench)\/|\.test$/.test(target)),
  },
  {
    name: 'a private member is `private`, so that a constructor can declare it',
    broken: (facts) => used(facts, '#private'),
  },
  {
    name: 'no drawer for odds and ends',
    broken: (facts) =>
      /(^|\/)(utils?|common|helpers?|services?|managers?)(\/|\.ts$)/.test(facts.file)
        ? ['is named after nothing']
        : [],
  },
  {
    name: 'a file has at most 250 lines',
    broken: (facts) => (facts.lines > 250 ? [`has ${facts.lines} lines`] : []),
  },
];
