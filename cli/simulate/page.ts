import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { XMLSerializer } from '@xmldom/xmldom';
import { type Html, html, ownFile } from '../../local/view/html';
import { CHARTS, type Chart, type ChartedRun } from './charts';
import { drawChart } from './draw';
import { figuresTable } from './figures-table';

const fileBeside = (name: string) => readFileSync(path.join(__dirname, name), 'utf8');
/** The colours of the charts, in a page and in a file of their own. */
export const CHART_STYLE = fileBeside('chart-style.css');
const STYLE = `${CHART_STYLE}${fileBeside('page-style.css')}`;

/** What a page says beside its runs. */
export interface PageText {
  readonly title: string;
  /** What the figures rest on. */
  readonly remarks: readonly string[];
}

/**
 * The page of one run, or of several side by side. It loads nothing, not even a script, and its
 * policy forbids that to whatever a name might smuggle in.
 */
export function simulationPage(runs: readonly ChartedRun[], { title, remarks }: PageText): string {
  const hash = createHash('sha256').update(STYLE).digest('base64');
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${hash}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${ownFile(STYLE)}</style></head>
<body><main><h1>${title}</h1>
${runs.map(answer)}
${charts(runs)}
<h2>In numbers</h2>
${figuresTable(runs.map(({ outcome }) => outcome))}
</main><footer>${remarks.map((remark) => html`<p>${remark}</p>`)}</footer></body></html>
`;
  return page.toString();
}

function answer({ outcome, answer: sentence }: ChartedRun): Html {
  const advice = outcome.limits.map((limit) => html`<li>${limit.advice}</li>`);
  return html`<section><h2>${outcome.name}</h2>
<p>${sentence}</p>${advice.length > 0 ? html`<ul>${advice}</ul>` : ''}</section>
`;
}

/** The charts of one run fill the page; of several runs each chart is a row of its own. */
function charts(runs: readonly ChartedRun[]): readonly Html[] {
  const rows = CHARTS.map((chart) => figures(chart, runs));
  const places = runs.length === 1 ? [rows.flat()] : rows;
  const columns = runs.length === 1 ? 'two' : 'side-by-side';
  return places.map((row) => html`<div class="charts ${columns}">${row}</div>`);
}

function figures(chart: Chart, runs: readonly ChartedRun[]): readonly Html[] {
  const serializer = new XMLSerializer();
  return drawChart(chart, runs).map((svg, at) => {
    const name = runs.length > 1 ? runs[at]?.outcome.name : undefined;
    const caption = name === undefined ? '' : html`<figcaption>${name}</figcaption>`;
    return html`<figure>${caption}${ownFile(serializer.serializeToString(svg))}</figure>`;
  });
}
