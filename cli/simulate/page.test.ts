import { createHash } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import { outcomeOf } from '../../test/fakes/cli/outcomes';
import type { ChartedRun } from './charts';
import { simulationPage } from './page';
import { simulationPicture } from './picture';

/** A run that needs `minutes` for `jobs`, with a task on each provider. */
function run(name: string, jobs: number, minutes: number): ChartedRun {
  const samples = Array.from({ length: minutes + 1 }, (_, minute) => ({
    seconds: 60 * minute,
    arrived: jobs,
    done: (jobs * minute) / minutes,
    backlog: jobs * (1 - minute / minutes),
    inFlight: 1,
    running: { FARGATE: 1, FARGATE_SPOT: minute < minutes ? 3 : 0 },
    pending: { FARGATE: 0, FARGATE_SPOT: 1 },
    dollars: minute / 100,
    ...(minute > 1 && { waitSeconds: { median: 20 * minute, p95: 30 * minute } }),
  }));
  const outcome = outcomeOf({ name, samples, drainedSeconds: 60 * minutes });
  return { outcome, answer: `${name} took ${minutes} minutes` };
}

const text = { title: 'One million photos', remarks: ['Prices of November 2026.'] };
const pageOf = (...runs: readonly ChartedRun[]) => simulationPage(runs, text);
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, content = '']) => content);
const chartsOf = (page: string) => page.match(/<svg.*?<\/svg>/gs) ?? [];

describe('the page of a simulation', () => {
  test('shows backlog, tasks by provider, cost and waiting time of a run', () => {
    const page = pageOf(run('steps', 1_000_000, 10));
    expect(chartsOf(page).map(headingOf)).toEqual([
      'Backlog in flight waiting',
      'Tasks On-Demand Spot pending',
      'Cost so far',
      'Wait until done, in minutes median 95th percentile',
    ]);
    expect(page).toContain('steps took 10 minutes');
    expect(page).toContain('Prices of November 2026.');
  });

  test('draws runs side by side on common axes, and names each', () => {
    const charts = chartsOf(pageOf(run('steps', 1_000_000, 10), run('drain-within', 500, 40)));
    expect(charts).toHaveLength(8);
    for (let at = 0; at < charts.length; at += 2) {
      const [one = '', other = ''] = charts.slice(at);
      expect(textsOf(one)).toEqual(textsOf(other));
    }
    expect(charts[1]).toMatch(/aria-label="Backlog, drain-within"/);
  });

  test('asks for nothing outside, runs no script, and allows its own style alone', () => {
    const page = pageOf(run('steps', 1_000_000, 10));
    const style = /<style>(.*?)<\/style>/s.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'"`);
    expect(page.match(/<style/g)).toHaveLength(1);
    expect(page).not.toMatch(/\sstyle=|<script|<link|<img|url\(|@import|src=|href=/);
  });

  test('shows a name as text, whatever it holds', () => {
    const page = pageOf(run('<b>"&', 10, 2), run('other', 10, 2));
    expect(page).not.toContain('<b>');
    expect(page).toContain('<h2>&lt;b&gt;&quot;&amp;</h2>');
  });

  test('says every number of each run, and what kept it from being faster', () => {
    const page = pageOf(run('steps', 1_000_000, 10), run('drain-within', 500, 40));
    const cells = [...page.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)];
    const rows = Object.fromEntries(
      cells.map(([, name, values = '']) => [name, values.replace(/(<\/?td>)+/g, ' ').trim()]),
    );
    expect(rows).toMatchObject({
      'Drained in': '10 min 0 s 40 min 0 s',
      'Objects not done': '2 2',
      '95th percentile of waits': '6 min 5 s 6 min 5 s',
      'Longest wait': '– –',
      'Spot share': '75 % 75 %',
      'Fargate Spot': '$0.91 $0.91',
      Cost: '$6.71 $6.71',
    });
    expect(rows).not.toHaveProperty('Lambda');
    expect(page.match(/<li>max-tasks of 4 was met: raise it\.<\/li>/g)).toHaveLength(2);
  });

  test('has charts of a run in which nothing happened, too', () => {
    const charts = chartsOf(pageOf({ outcome: outcomeOf({}), answer: 'nothing to do' }));
    expect(charts).toHaveLength(4);
    expect(charts.join()).not.toMatch(/NaN|Infinity/);
  });
});

test.each([
  [2, 'seconds'],
  [10, 'minutes'],
  [180, 'hours'],
  [4_319, 'hours'],
  [4_320, 'days'],
])('a run of %d minutes has an axis of %s', (minutes, unit) => {
  const [chart = ''] = chartsOf(pageOf(run('steps', 10, minutes)));
  expect(textsOf(chart)).toContain(`${unit} →`);
});

test('a wait is a dot where no jobs were done before or after', () => {
  const { outcome, answer } = run('steps', 10, 2);
  const line = chartsOf(pageOf({ outcome, answer })).at(-1);
  expect(line).toMatch(/stroke-linecap="round"[^>]*>\s*<path[^>]* d="M[\d.]+,[\d.]+Z"/);
});

test('a long run is drawn with as many points as can be seen, to its end', () => {
  const [chart = ''] = chartsOf(pageOf(run('steps', 1_000_000, 719)));
  const paths = [...chart.matchAll(/ d="([^"]*)"/g)].map(([, path = '']) => path.split('L'));
  const [area = []] = paths.sort((one, other) => other.length - one.length);
  // There along the top of the area, and back along its bottom.
  expect(area.length).toBeGreaterThan(2 * 120);
  expect(area.length).toBeLessThan(2 * 250);
  expect(area.filter((point) => point.startsWith('380,'))).toHaveLength(2);
});

describe('the picture of a simulation', () => {
  const picture = simulationPicture([run('a < b', 1_000, 10), run('other', 500, 4)]);

  test('is a well-formed SVG with all charts and the names of the runs', () => {
    const onError = (_level: string, message: string) => {
      throw new Error(message);
    };
    const { documentElement } = new DOMParser({ onError }).parseFromString(
      picture,
      'image/svg+xml',
    );
    const charts = Array.from(documentElement?.getElementsByTagName('svg') ?? []);
    expect(charts.map((svg) => [svg.getAttribute('x'), svg.getAttribute('y')])).toHaveLength(8);
    expect(
      new Set(charts.map((svg) => `${svg.getAttribute('x')} ${svg.getAttribute('y')}`)).size,
    ).toBe(8);
    expect(textsOf(picture).slice(0, 2)).toEqual(['a &lt; b', 'other']);
  });

  test('has its colours for light and for dark in itself', () => {
    const used = [...new Set(picture.match(/var\(--[\w-]+/g))].map((name) => name.slice(4));
    expect(used.length).toBeGreaterThan(3);
    const [light = '', dark = ''] = picture.split('prefers-color-scheme: dark');
    for (const name of used)
      for (const style of [light, dark]) expect(style).toContain(`${name}: #`);
  });
});

/** Title and names of a chart, without the labels of its axes. */
function headingOf(svg: string): string {
  const texts = textsOf(svg);
  return texts
    .slice(texts.findIndex((content) => /^(Backlog|Tasks|Cost|Wait)/.test(content)))
    .filter((content) => content !== '■')
    .join(' ');
}
