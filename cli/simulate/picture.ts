import { XMLSerializer } from '@xmldom/xmldom';
import { html, ownFile } from '../../local/view/html';
import { CHARTS, type ChartedRun } from './charts';
import { CHART_SIZE, drawChart } from './draw';
import { CHART_STYLE } from './page';

const GAP = 16;
const NAME_HEIGHT = 28;

/**
 * All charts as one SVG file, for a document: of one run in two columns, of several in one column
 * for each. It has a background of its own, since a document may be darker or lighter than what the
 * reader's system prefers.
 */
export function simulationPicture(runs: readonly ChartedRun[]): string {
  const serializer = new XMLSerializer();
  const columns = runs.length === 1 ? 2 : runs.length;
  const top = runs.length === 1 ? GAP : GAP + NAME_HEIGHT;
  const charts = CHARTS.flatMap((chart) => drawChart(chart, runs));
  const width = GAP + columns * (CHART_SIZE.width + GAP);
  const height = top + Math.ceil(charts.length / columns) * (CHART_SIZE.height + GAP);
  const left = (column: number) => GAP + column * (CHART_SIZE.width + GAP);
  charts.forEach((svg, at) => {
    svg.setAttribute('x', String(left(at % columns)));
    const row = Math.floor(at / columns);
    svg.setAttribute('y', String(top + row * (CHART_SIZE.height + GAP)));
  });
  const names = runs.length === 1 ? [] : runs.map(({ outcome }) => outcome.name);
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<style>${ownFile(CHART_STYLE)}</style>
<rect width="100%" height="100%" fill="var(--card)"/>
<g font-family="system-ui, sans-serif" font-size="16" fill="var(--soft)">${names.map(
    (name, at) => html`<text x="${left(at)}" y="${GAP + NAME_HEIGHT / 2}">${name}</text>`,
  )}</g>
${charts.map((svg) => ownFile(serializer.serializeToString(svg)))}
</svg>
`.toString();
}
