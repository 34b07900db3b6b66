import { type BlueprintInput, ConfigError } from '../../../stacks/config/blueprint-config';
import { resolveBlueprint } from '../../../stacks/config/load-config';

/** For tests: the faults of a blueprint; none when it is right. */
export function faultsOf(blueprint: unknown): readonly string[] {
  try {
    resolveBlueprint(blueprint as BlueprintInput);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** For tests: a blueprint of one environment, `dev`, whose settings may be wrong. */
export function dev(settings: Readonly<Record<string, unknown>>): unknown {
  return { environments: { dev: settings } };
}

/** For tests: a blueprint with one pipeline, `photos`, whose settings may be wrong. */
export function photos(settings: Readonly<Record<string, unknown>>): unknown {
  return dev({ pipelines: { photos: settings } });
}

/** A setting that is a text, what makes a blueprint of one, and texts for it. */
export interface TextRow {
  readonly setting: string;
  readonly blueprint: (value: string) => unknown;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

/** Tests that each setting takes the right texts, and names itself in the fault of a wrong one. */
export function testTexts(rows: readonly TextRow[]): void {
  const each = (pick: (row: TextRow) => readonly string[]) =>
    rows.flatMap((row) => pick(row).map((value) => [row.setting, value, row] as const));

  test.each(each((row) => row.right))('%s takes %j', (_, value, { blueprint }) => {
    expect(faultsOf(blueprint(value))).toEqual([]);
  });

  test.each(each((row) => row.wrong))('%s fails when it is %j', (setting, value, { blueprint }) => {
    const [fault, ...more] = faultsOf(blueprint(value));
    expect(fault).toContain(`${setting} must be `);
    expect(fault).toMatch(/, but ".*…? was given$/);
    expect(more).toEqual([]);
  });
}
