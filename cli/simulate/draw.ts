import * as Plot from '@observablehq/plot';
import { DOMImplementation, type Element } from '@xmldom/xmldom';
import type { Sample } from '../../simulator/outcome';
import type { Chart, ChartedRun } from './charts';

/** In CSS's `px`: wide enough for five labels of an axis, and readable on a phone. */
export const CHART_SIZE = { width: 400, height: 230 } as const;

/** Room above the marks for the title, and for the names of what is drawn. */
const MARGIN_TOP = 46;
const MARGIN_LEFT = 52;
const MARGIN_BOTTOM = 40;
const FONT_SIZE = 12;
/** A point without neighbours is a dot, and not nothing. */
const ROUND = 'round';
/** More are closer than a line is wide. */
const MOST_SAMPLES = 240;

const format = (options: Intl.NumberFormatOptions) =>
  new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3, ...options })
    .format;
/** `250K`, `1.5M`, `$0.02`. */
const plain = format({});
const inDollars = format({ style: 'currency', currency: 'USD' });

/** A unit of time, by its seconds. */
interface TimeUnit {
  readonly name: string;
  readonly seconds: number;
}

/** The unit of what is no time. */
const NO_UNIT: TimeUnit = { name: '', seconds: 1 };

const SECONDS: TimeUnit = { name: 'seconds', seconds: 1 };
const UNITS: readonly TimeUnit[] = [
  SECONDS,
  { name: 'minutes', seconds: 60 },
  { name: 'hours', seconds: 3_600 },
  { name: 'days', seconds: 86_400 },
];

/** Up to where the axes of a chart go: the same for all runs, so that they can be compared. */
interface Limits {
  readonly seconds: number;
  readonly value: number;
}

interface Point {
  readonly time: number;
  /** NaN: nothing to show, so that a line has a gap. */
  readonly value: number;
  readonly name: string;
  readonly colour: string;
}

/** Only its nodes are made here; what a browser would lay out is in the file. */
const document = new DOMImplementation().createDocument('http://www.w3.org/1999/xhtml', 'html');

/** One chart for each run, with common axes. */
export function drawChart(chart: Chart, runs: readonly ChartedRun[]): readonly Element[] {
  const limits = limitsOf(chart, runs);
  return runs.map((run) => draw(chart, run, limits));
}

function limitsOf({ series, isStacked }: Chart, runs: readonly ChartedRun[]): Limits {
  const samples = runs.flatMap(({ outcome }) => outcome.samples);
  const values = samples.map((sample) => {
    const each = series.map(({ value }) => value(sample) ?? 0);
    return isStacked ? each.reduce((sum, one) => sum + one, 0) : Math.max(...each);
  });
  return { seconds: greatest(samples.map(({ seconds }) => seconds)), value: greatest(values) };
}

const greatest = (numbers: readonly number[]) =>
  numbers.reduce((one, other) => Math.max(one, other), 0);

function draw(chart: Chart, { outcome }: ChartedRun, limits: Limits): Element {
  const time = timeUnit(limits.seconds);
  const unit = chart.unit === 'seconds' ? timeUnit(limits.value) : NO_UNIT;
  const points = chart.series.flatMap(({ name, colour, value }) =>
    shown(outcome.samples).map((sample) => ({
      time: sample.seconds / time.seconds,
      value: (value(sample) ?? Number.NaN) / unit.seconds,
      name,
      colour,
    })),
  );
  const svg = Plot.plot({
    document: document as unknown as NonNullable<Plot.PlotOptions['document']>,
    ...CHART_SIZE,
    ariaLabel: `${chart.title}, ${outcome.name}`,
    marginTop: MARGIN_TOP,
    marginLeft: MARGIN_LEFT,
    marginBottom: MARGIN_BOTTOM,
    color: { type: 'identity' },
    x: {
      domain: [0, limits.seconds / time.seconds],
      label: time.name,
      ticks: 5,
      tickFormat: plain,
    },
    y: {
      domain: [0, limits.value / unit.seconds],
      nice: true,
      grid: true,
      label: null,
      ticks: 4,
      tickFormat: chart.unit === 'dollars' ? inDollars : plain,
    },
    marks: [...marksOf(chart, points), Plot.ruleY([0]), ...headings(chart, unit)],
  });
  return styledOutside(svg as unknown as Element);
}

/** The largest unit of which an axis up to `seconds` has at least three. */
function timeUnit(seconds: number): TimeUnit {
  return UNITS.findLast((unit) => seconds >= 3 * unit.seconds) ?? SECONDS;
}

/** Evenly chosen, with the first and the last. */
function shown(samples: readonly Sample[]): readonly Sample[] {
  const step = Math.ceil(samples.length / MOST_SAMPLES);
  return samples.filter((_, at) => at % step === 0 || at === samples.length - 1);
}

function marksOf({ isStacked, series }: Chart, points: readonly Point[]): Plot.Markish[] {
  const channels = { x: 'time', y: 'value', z: 'name' } as const;
  const pen = { stroke: 'colour', strokeWidth: 2, strokeLinecap: ROUND } as const;
  if (!isStacked) return [Plot.lineY(points, { ...channels, ...pen })];
  const order = series.map(({ name }) => name);
  return [Plot.areaY(points, { ...channels, fill: 'colour', order })];
}

/** The title with its unit, and below it the names of what is drawn beside their colours. */
function headings({ title, series }: Chart, unit: TimeUnit): Plot.Markish[] {
  const place = (dx: number, dy: number) =>
    ({ frameAnchor: 'top-left', dx: dx - MARGIN_LEFT, dy: dy - MARGIN_TOP }) as const;
  const heading = unit === NO_UNIT ? title : `${title}, in ${unit.name}`;
  const named = series.filter(({ name }) => name !== '');
  return [
    Plot.text([heading], { ...place(0, 2), fontWeight: 600, fontSize: 15 }),
    ...named.flatMap(({ name, colour }, at) => [
      Plot.text(['■'], { ...place(95 * at, 24), fill: colour }),
      Plot.text([name], { ...place(95 * at + 14, 24) }),
    ]),
  ];
}

/** Each chart would bring the same style; the page or the file has one for all. */
function styledOutside(svg: Element): Element {
  for (const style of Array.from(svg.getElementsByTagName('style'))) svg.removeChild(style);
  svg.setAttribute('role', 'img');
  svg.setAttribute('font-size', String(FONT_SIZE));
  return svg;
}
