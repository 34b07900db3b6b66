import { createHash } from 'node:crypto';
import { DOMParser } from '@xmldom/xmldom';
import type { ChartedRun } from './charted-run';
import { simulationPage } from './page';
import { simulationPicture } from './picture';

/** A run that needs `minutes` for `jobs`, with a task on each provider. */
function run(name: string, jobs: number, minutes: number): ChartedRun {
  const moments = Array.from({ length: minutes + 1 }, (_, minute) => ({
    seconds: 60 * minute,
    backlog: jobs * (1 - minute / minutes),
    onDemandTasks: 1,
    spotTasks: minute < minutes ? 3 : 0,
    dollars: minute / 100,
    ...(minute > 1 && { wait: { medianSeconds: 30 * minute, p95Seconds: 60 * minute } }),
  }));
  return { name, answer: `${name} took ${minutes} minutes`, moments };
}

const text = { title: 'One million photos', remarks: ['Prices of November 2026.'] };
const pageOf = (...runs: readonly ChartedRun[]) => simulationPage(runs, text);
const textsOf = (svg: string) =>
  [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map(([, content = '']) => content);
const chartsOf = (page: string) => page.match(/<svg.*?<\/svg>/gs) ?? [];

describe('the page of a simulation', () => {
  test('shows backlog, tasks by provider, cost and waiting time of a run', () => {
    const page = pageOf(run('steps', 1_000_000, 10));
    expect(chartsOf(page).map((svg) => textsOf(svg).at(0) && headingOf(svg))).toEqual([
      'Jobs in the queue',
      'Tasks On-Demand Spot',
      'Cost so far',
      'How long jobs waited, in minutes median 95th percentile',
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
    expect(charts[1]).toMatch(/aria-label="Jobs in the queue, drain-within"/);
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
    expect(page).toContain('<dt>&lt;b&gt;&quot;&amp;</dt>');
  });

  test('has charts of a run without jobs, too', () => {
    const nothing = { seconds: 0, backlog: 0, onDemandTasks: 0, spotTasks: 0, dollars: 0 };
    const charts = chartsOf(pageOf({ name: 'idle', answer: 'nothing to do', moments: [nothing] }));
    expect(charts).toHaveLength(4);
    expect(charts.join()).not.toMatch(/NaN|Infinity/);
  });
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
    .slice(texts.findIndex((content) => /^(Jobs|Tasks|Cost|How)/.test(content)))
    .filter((content) => content !== '■')
    .join(' ');
}
