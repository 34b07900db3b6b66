import { type Death, type Effect, runStory, type StoryReport } from './run-story';
import type { Story } from './stories';

/**
 * One effect of one story, and how the story ended when a worker died right before and right after
 * it.
 */
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

/** Plays every story once as it is, and then once for each point at which a worker can die. */
export async function killTable(
  endpoint: string,
  stories: readonly Story[],
  atOnce: number,
): Promise<KillTable> {
  const rows: KillRow[] = [];
  const holes: string[] = [];
  const whole = await inTurns(stories, atOnce, (story) => runStory(endpoint, story));
  const points = whole.flatMap((report, index) => {
    const story = stories[index];
    return story ? effectsThatCount(report.effects).map((effect) => ({ story, effect })) : [];
  });
  const play = async (story: Story, death: Death) => {
    const report = await dieThere(endpoint, story, death);
    const hole = holeOf(story, death, report);
    if (hole) holes.push(hole);
    return hole ? `HOLE: ${report.ends}` : report.ends;
  };
  const ends = await inTurns(points, atOnce, async ({ story, effect }) => ({
    before: await play(story, { ...effect, moment: 'before' }),
    after: await play(story, { ...effect, moment: 'after' }),
  }));
  for (const [index, { story, effect }] of points.entries()) {
    const { before = '', after = '' } = ends[index] ?? {};
    rows.push({ story: story.title, effect: `${effect.operation} #${effect.nth}`, before, after });
  }
  const broken = whole.flatMap((report, index) => holeOf(stories[index], undefined, report) ?? []);
  return { rows, holes: [...broken, ...holes] };
}

/**
 * Batches and polls do not fall the same way in every run: a point that is not come to is tried
 * again.
 */
async function dieThere(endpoint: string, story: Story, death: Death): Promise<StoryReport> {
  for (let attempt = 1; ; attempt += 1) {
    const report = await runStory(endpoint, story, death);
    if (report.died || report.violations.length > 0) return report;
    if (attempt === ATTEMPTS) {
      const text = `${ATTEMPTS} runs did not come to this point`;
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

/** Does something with each, so many at a time, and gives the results in the order of the list. */
async function inTurns<T, R>(
  list: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const left = [...list.entries()];
  const turn = async () => {
    for (let next = left.shift(); next; next = left.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: atOnce }, turn));
  return results;
}

/** The table in columns. */
export function tableText(rows: readonly KillRow[]): string {
  const head: KillRow = {
    story: 'story',
    effect: 'effect',
    before: 'dies before it',
    after: 'dies after it',
  };
  const width = (column: keyof KillRow) =>
    Math.max(...[head, ...rows].map((row) => row[column].length));
  const widths = { story: width('story'), effect: width('effect'), before: width('before') };
  return [head, ...rows]
    .map(({ story, effect, before, after }) =>
      [
        story.padEnd(widths.story),
        effect.padEnd(widths.effect),
        before.padEnd(widths.before),
        after,
      ].join('  '),
    )
    .join('\n');
}
