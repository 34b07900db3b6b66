import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { workflow } from './workflow';

const STEPS = join(__dirname, '..', '..', '.github', 'steps');

export interface StepResult {
  readonly code: number | null;
  readonly printed: string;
  /** What the step wrote into `$GITHUB_OUTPUT`. */
  readonly output: string;
}

/** A folder in which steps run with bash as on a runner, and with fake programs. */
export class StepRunner {
  readonly folder = mkdtempSync(join(tmpdir(), 'spillway-steps-'));

  /** Puts a file there, with its folders. */
  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Puts a fake program onto the path, which is this bash. */
  fake(program: string, bash: string): void {
    this.write(`bin/${program}`, `#!/usr/bin/env bash\n${bash}\n`);
    chmodSync(join(this.folder, 'bin', program), 0o755);
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /** Runs a file of `.github/steps`. */
  runFile(file: string, ...words: string[]): StepResult {
    return this.run([join(STEPS, file), ...words], {});
  }

  /** Runs the command of a step by its name, with GitHub's own options of bash. */
  runStep(job: string, name: string, environment: Readonly<Record<string, string>>): StepResult {
    const step = workflow('deploy.yml').jobs[job]?.steps.find((one) => one.name === name);
    if (step?.run === undefined)
      throw new Error(`deploy.yml has no step "${name}" with a command in ${job}.`);
    return this.run(['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], environment);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private run(words: readonly string[], environment: Readonly<Record<string, string>>): StepResult {
    this.write('output', '');
    const { status, stdout, stderr } = spawnSync('bash', words, {
      cwd: this.folder,
      encoding: 'utf8',
      env: {
        ...environment,
        PATH: `${join(this.folder, 'bin')}:${process.env.PATH}`,
        GITHUB_OUTPUT: join(this.folder, 'output'),
      },
    });
    return { code: status, printed: stdout + stderr, output: this.read('output') };
  }
}
