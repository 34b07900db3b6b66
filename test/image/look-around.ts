/** What a program sees of the task that it runs in. */
export interface Surroundings {
  readonly process: number;
  readonly user: number;
  readonly group: number;
  /** Effective ones, sixteen hexadecimal digits. */
  readonly capabilities: string;
  /** Variables of glibc's allocator. */
  readonly allocator: Readonly<Record<string, string>>;
  readonly writable: readonly string[];
  /** Error codes by folder. */
  readonly refused: Readonly<Record<string, string>>;
  /** Which of the tools of a build, and the shell, are in the image. */
  readonly tools: readonly string[];
  readonly billOfMaterials: string;
}

/** A program for `node -e` that prints {@link Surroundings} as JSON. */
export const LOOK_AROUND = `
const { existsSync, readFileSync, writeFileSync, rmSync } = require('node:fs');
const refused = {};
const writable = ['/', '/app', '/tmp', '/etc', '/scratch'].filter((folder) => {
  try {
    writeFileSync(folder + '/spillway-probe', '');
    rmSync(folder + '/spillway-probe');
    return true;
  } catch (error) {
    refused[folder] = error.code;
    return false;
  }
});
const tools = ['sh', 'npm', 'npx', 'yarn', 'corepack', 'gcc', 'make', 'python3', 'curl', 'wget'];
const folders = process.env.PATH.split(':');
const variables = Object.entries(process.env);
console.log(JSON.stringify({
  process: process.pid,
  user: process.getuid(),
  group: process.getgid(),
  capabilities: /CapEff:\\s+(\\w+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1],
  allocator: Object.fromEntries(variables.filter(([name]) => name.startsWith('MALLOC_'))),
  writable,
  refused,
  tools: tools.filter((tool) => folders.some((folder) => existsSync(folder + '/' + tool))),
  billOfMaterials: JSON.parse(readFileSync('/app/sbom.cdx.json', 'utf8')).bomFormat,
}));
`;
