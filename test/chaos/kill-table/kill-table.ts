import pMap from 'p-map';
import { type Death, type Effect, runStory, type StoryReport } from './run-story';
import type { Story } from './stories';

/** How a story ended when a worker died right before and right after one of its effects. */
export interface KillRow {
  readonly story: string;
  readonly effect: string;
  readonly before: string;
  readonly after: string;
}

export interface KillTable {
  readonly rows: readonly KillRow[];
  /** What is broken, with its history; empty when the table has no hole. */
  readonly holes: readonly string[];
}

const ATTEMPTS = 3;

/** Runs every story as it is, and then once for each point at which a worker can die. */
export async function killTable(
  endpoint: string,
  stories: readonly Story[],
  atOnce: number,
): Promise<KillTable> {
  const rows: KillRow[] = [];
  const holes: string[] = [];
  const whole = await pMap(stories, (story) => runStory(endpoint, story), { concurrency: atOnce });
  const points = whole.flatMap((report, index) => {
    const story = stories[index];
    if (!story) return [];
    const effects = effectsThatCount(report.effects).filter(
      ({ operation }) => story.diesAt?.includes(operation) ?? true,
    );
    return effects.map((effect) => ({ story, effect }));
  });
  const play = async (story: Story, death: Death) => {
    const report = await dieThere(endpoint, story, death);
    const hole = holeOf(story, death, report);
    if (hole) holes.push(hole);
    return hole ? `HOLE: ${report.ends}` : report.ends;
  };
  const ends = await pMap(
    points,
    async ({ story, effect }) => ({
      before: await play(story, { ...effect, moment: 'before' }),
      after: await play(story, { ...effect, moment: 'after' }),
    }),
    { concurrency: atOnce },
  );
  for (const [index, { story, effect }] of points.entries()) {
    const { before = '', after = '' } = ends[index] ?? {};
    rows.push({ story: story.title, effect: `${effect.operation} #${effect.nth}`, before, after });
  }
  const broken = whole.flatMap((report, index) => holeOf(stories[index], undefined, report) ?? []);
  return { rows, holes: [...broken, ...holes] };
}

/** Batches and polls differ between runs: a point that a run does not reach is tried again. */
async function dieThere(endpoint: string, story: Story, death: Death): Promise<StoryReport> {
  for (let attempt = 1; ; attempt += 1) {
    const report = await runStory(endpoint, story, death);
    if (report.died || report.violations.length > 0) return report;
    if (attempt === ATTEMPTS) {
      const text = `${ATTEMPTS} runs did not reach this point`;
      return { ...report, violations: [{ text, keys: [] }] };
    }
  }
}

/** The polls after the last effect on a job do nothing. */
function effectsThatCount(effects: readonly Effect[]): readonly Effect[] {
  const last = effects.findLastIndex(({ operation }) => operation !== 'ReceiveMessage');
  return effects.slice(0, last + 1);
}

function holeOf(
  story: Story | undefined,
  death: Death | undefined,
  report: StoryReport,
): string | undefined {
  if (report.violations.length === 0) return undefined;
  const where = death ? `, killed ${death.moment} ${death.operation} #${death.nth}` : '';
  const broken = report.violations.map(({ text }) => `  ${text}`);
  return [`${story?.title}${where}:`, ...broken, ...report.history.lines()].join('\n');
}

/** The table in columns. */
export function tableText(rows: readonly KillRow[]): string {
  const head = ['story', 'effect', 'dies before it', 'dies after it'];
  const cells = rows.map(({ story, effect, before, after }) => [story, effect, before, after]);
  const table = [head, ...cells];
  const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  return table.map((row) => line(row).trimEnd()).join('\n');
}
