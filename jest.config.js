const { availableParallelism } = require('node:os');

/** The SDK would greet every run on Node 20 with eight lines about next year. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** Packages that are there as ES modules only. */
const ES_MODULES = [
  'string-width',
  'strip-ansi',
  'ansi-regex',
  'get-east-asian-width',
  'js-tokens',
  'p-map',
  'log-update',
  'ansi-escapes',
  'cli-cursor',
  'restore-cursor',
  'onetime',
  'mimic-function',
  'signal-exit',
  'wrap-ansi',
  'slice-ansi',
  'ansi-styles',
  'is-fullwidth-code-point',
  'environment',
  'p-queue',
  'p-timeout',
  '@aws-sdk/client-s3/dist-es/endpoint',
  'flatqueue',
  'hyparquet',
  'hyparquet-writer',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer/inflate',
  '@borewit/text-codec',
].join('|');

const base = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/test/ended-stores.cjs',
  // Node looks up a global of a test's context slowly, each time: models ask for this one millions
  // of times. https://jestjs.io/docs/configuration#sandboxinjectedglobals-arraystring
  sandboxInjectedGlobals: ['Math'],
  transform: {
    [`^.+\\.tsx?$|/node_modules/(${ES_MODULES})/.+\\.js$`]: [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(.*/)?(${ES_MODULES})/)`],
  moduleNameMapper: {
    '^\\.{1,2}/(.+/)?stack-trace$': '<rootDir>/test/fakes/stacks/no-stack-trace.ts',
    // They have a file for Node's require beside their hundreds of ES modules.
    '^@observablehq/plot$': '<rootDir>/node_modules/@observablehq/plot/dist/plot.umd.min.js',
    '^d3(@.*)?$': '<rootDir>/node_modules/d3/dist/d3.min.js',
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/cdktf.out/'],
  modulePathIgnorePatterns: ['/dist/', '/out/', '/cdktf.out/'],
};

/** Beside an emulator, which is installed once. */
const withEmulator = { ...base, globalSetup: './test/emulator/install-once.ts' };

/**
 * Six projects: what `npm run check` can afford, the arrows between rooms, and what starts an
 * emulator, terraform or a builder.
 */
module.exports = {
  testTimeout: 30_000,
  // What takes longest waits for processes of its own, for polls and for time-outs, and needs a
  // core for a third of its time: three workers more than cores keep two cores busy.
  maxWorkers: availableParallelism() + 3,
  testSequencer: './test/long-tests-first.cjs',
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/application-code/**/*.test.ts',
        '<rootDir>/lambda/**/*.test.ts',
        '<rootDir>/deployer/**/*.test.ts',
        '<rootDir>/cli/**/*.test.ts',
        '<rootDir>/local/**/*.test.ts',
        '<rootDir>/contract/**/*.test.ts',
        '<rootDir>/dataset/**/*.test.ts',
        '<rootDir>/simulator/**/*.test.ts',
        '<rootDir>/text/**/*.test.ts',
        '<rootDir>/folder/**/*.test.ts',
        '<rootDir>/stacks/**/*.test.ts',
        '<rootDir>/bench/**/*.test.ts',
        '<rootDir>/test/delivery/**/*.test.ts',
        '<rootDir>/test/iam/**/*.test.ts',
        '<rootDir>/test/policies/**/*.test.ts',
        '<rootDir>/test/workflows/**/*.test.ts',
        '<rootDir>/test/codebuild/**/*.test.ts',
        '<rootDir>/test/fakes/**/*.test.ts',
        '<rootDir>/test/{long-tests-first,ended-stores}.test.ts',
        '<rootDir>/test/chaos/*.test.ts',
        '<rootDir>/test/chaos/!(suite)/*.test.ts',
      ],
    },
    {
      ...base,
      displayName: 'architecture',
      testMatch: ['<rootDir>/test/architecture.test.ts', '<rootDir>/test/architecture/*.test.ts'],
    },
    {
      ...withEmulator,
      displayName: 'e2e',
      testMatch: [
        '<rootDir>/test/e2e/**/*.test.ts',
        '<rootDir>/test/parity/**/*.test.ts',
        '<rootDir>/test/dataset/**/*.test.ts',
      ],
    },
    { ...withEmulator, displayName: 'chaos', testMatch: ['<rootDir>/test/chaos/suite/*.test.ts'] },
    {
      ...withEmulator,
      displayName: 'rehearsal',
      testMatch: ['<rootDir>/test/rehearsal/**/*.test.ts'],
    },
    { ...withEmulator, displayName: 'image', testMatch: ['<rootDir>/test/image/**/*.test.ts'] },
  ],
};
