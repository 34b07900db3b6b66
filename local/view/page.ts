import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { shownDollars } from '../../contract/bill';
import { PRICES } from '../../contract/prices';
import { skippedSentence } from '../../folder/skipped';
import { byteSize, duration } from '../../text/units';
import { pluralize } from '../../text/words';
import { adviceFor } from '../files/dead-letter';
import { isMade, type LedgerEntry } from '../files/ledger';
import { contactSheet } from './contact-sheet';
import { fileFrame, linkTo } from './file-frame';
import { type Html, html, ownFile } from './html';
import { isComplete, leftOutByRecipe, type Report } from './report';

const STYLE = ['page-style.css', 'contact-sheet.css']
  .map((name) => readFileSync(path.join(__dirname, name), 'utf8'))
  .join('');
const SCRIPT = readFileSync(path.join(__dirname, 'page-script.js'), 'utf8');

/** Files above the dead letters, so that thousands of either do not hide the other. */
const FIRST_FILES = 12;
/** Objects of one reason that are shown without a click. */
const MOST_OPEN = 10;

/**
 * The page of a run, piece by piece, so that thousands of files need no more memory than ten.
 * The page loads nothing from the network, and its policy forbids that to anything that a file
 * name might smuggle in.
 */
export function* pageChunks(report: Report): Generator<string> {
  for (const piece of pieces(report)) yield piece.toString();
}

function* pieces(report: Report): Generator<Html> {
  const { dataset } = report;
  const done = report.entries.filter(isMade).sort(byName);
  const dead = report.entries.filter((entry) => entry.deadLetters.length > 0).sort(byName);
  yield head(dataset !== undefined);
  yield summary(report, done.length, dead.length);
  const none = html`<li class="soft">No object has all its outputs.</li>`;
  const first = done.slice(0, FIRST_FILES);
  if (dataset) yield* contactSheet(dataset);
  else yield* files({ id: 'files', title: 'Before and after', none }, first, report);
  if (dead.length > 0) yield* deadLetters(dead, report);
  if (report.skipped.count > 0) yield leftOut(report);
  const more = dataset ? [] : done.slice(FIRST_FILES);
  if (more.length > 0) yield* files({ id: 'more', title: 'More files' }, more, report);
  yield html`</main><script>${ownFile(SCRIPT)}</script></body></html>\n`;
}

const byName = (one: LedgerEntry, other: LedgerEntry) =>
  one.key < other.key ? -1 : one.key > other.key ? 1 : 0;

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** @param holdsPictures whether the page holds pictures itself. */
function head(holdsPictures: boolean): Html {
  const policy = [
    "default-src 'none'",
    `img-src 'self' file:${holdsPictures ? ' data:' : ''}`,
    "media-src 'self' file:",
    `style-src ${sha256(STYLE)}`,
    `script-src ${sha256(SCRIPT)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${holdsPictures ? 'Dataset' : 'Before and after'}</title>
<style>${ownFile(STYLE)}</style></head>
<body><a class="skip" href="#files">Skip to the files</a><main>
`;
}

function summary(report: Report, done: number, dead: number): Html {
  const complete = isComplete(report);
  const remark = complete
    ? 'nothing lost'
    : report.balance.holds
      ? 'some files were left out'
      : 'not everything is accounted for';
  const links = [
    ...(done > 0 ? [html`<a href="#files">${filesTitle(report)}</a>`] : []),
    ...(dead > 0 ? [html`<a href="#dead">Dead letters</a>`] : []),
    ...(report.skipped.count > 0 ? [html`<a href="#left-out">Left out</a>`] : []),
    ...(done > FIRST_FILES && !report.dataset ? [html`<a href="#more">More files</a>`] : []),
  ];
  const uploaded = pluralize(report.balance.uploaded, 'object');
  return html`<h1 class="${complete ? 'good' : 'bad'}">${uploaded} in, ${remark}</h1>
<p class="soft">${report.folder}</p>
${report.because === undefined ? '' : html`<p class="bad">${report.because}</p>`}
<nav aria-label="On this page">${links}</nav>
<dl>${tiles(report, done, dead)}</dl>
${costTable(report)}
`;
}

const filesTitle = ({ dataset }: Report) => (dataset ? 'Samples by class' : 'Before and after');

function tiles(report: Report, done: number, dead: number): Html[] {
  const { dataset } = report;
  const outputs = report.entries.flatMap((entry) => entry.outputs);
  const bytes = outputs.reduce((sum, one) => sum + one.bytes, 0);
  const count = (value: number) => value.toLocaleString('en-US');
  return [
    tile('Uploaded', count(report.balance.uploaded)),
    ...(dataset
      ? [
          tile('Samples', count(dataset.samples)),
          tile('Left out by the recipe', count(leftOutByRecipe(report))),
        ]
      : [tile('With all outputs', count(done))]),
    tile('Dead letters', count(dead)),
    dataset
      ? tile('Shards', count(dataset.shards), byteSize(dataset.bytes))
      : tile('Outputs', count(outputs.length), byteSize(bytes)),
    ...report.tasks.map((use) =>
      tile(`Tasks on ${use.capacityProvider}`, count(use.count), duration(use.seconds)),
    ),
    tile('Time', duration(report.seconds)),
    tile('On AWS', shownDollars(report.cost.dollars), `${PRICES.region}, ${PRICES.asOf}`),
  ];
}

const tile = (name: string, value: string, small?: string) =>
  html`<div><dt>${name}</dt><dd>${value}${small && html`<small>${small}</small>`}</dd></div>`;

function costTable({ cost }: Report): Html {
  const { region, asOf } = PRICES;
  const rows = cost.lines.map(
    ({ what, price, dollars }) =>
      html`<tr><td>${what}</td><td class="soft">${price}</td>
<td class="number">${shownDollars(dollars)}</td></tr>`,
  );
  return html`<details><summary>What the same run would have cost on AWS
(${region}, prices of ${asOf}, without free tiers)</summary><table>${rows}</table></details>`;
}

/** By reason, the most frequent first: all objects of one reason need the same action. */
function* deadLetters(dead: readonly LedgerEntry[], report: Report): Generator<Html> {
  yield html`<section aria-labelledby="dead"><h2 id="dead">Dead letters</h2>\n`;
  const reasons = [...new Set(dead.map(codeOf))].map(
    (code) => [code, dead.filter((entry) => codeOf(entry) === code)] as const,
  );
  for (const [code, entries] of reasons.sort(([, one], [, other]) => other.length - one.length)) {
    const open = entries.length <= MOST_OPEN ? html` open` : '';
    const objects = pluralize(entries.length, 'object');
    const advice = adviceFor(code, report.workload);
    yield html`<details class="reason"${open}>
<summary><code>${code}</code> ${objects}. ${advice}</summary><ul>\n`;
    for (const entry of entries) yield deadRow(entry, report);
    yield html`</ul></details>\n`;
  }
  yield html`</section>\n`;
}

const codeOf = ({ deadLetters: [letter] }: LedgerEntry) => letter?.code ?? '';

function deadRow({ file, deadLetters: [letter] }: LedgerEntry, { out }: Report): Html {
  const facts = [
    byteSize(file.bytes),
    ...(letter?.receiveCount === undefined ? [] : [pluralize(letter.receiveCount, 'receive')]),
    ...(letter?.failedAt === undefined ? [] : [letter.failedAt]),
  ];
  const original = html`<a href="${linkTo(file.path, out)}">${file.relativePath}</a>`;
  return html`<li class="row dead"><h3>${original}</h3>
<p>${letter?.message}</p>
<p class="soft">${facts.join(', ')}</p></li>
`;
}

function leftOut({ skipped: { first, count } }: Report): Html {
  const rows = first.map((skipped) => html`<li>${skippedSentence(skipped)}</li>`);
  const others = count - first.length;
  const more = others > 0 ? html`<li class="soft">… and ${pluralize(others, 'other')}</li>` : '';
  return html`<section aria-labelledby="left-out"><h2 id="left-out">Left out</h2>
<ul>${rows}${more}</ul></section>\n`;
}

function* files(
  section: { readonly id: string; readonly title: string; readonly none?: Html },
  entries: readonly LedgerEntry[],
  report: Report,
): Generator<Html> {
  const { id, title, none } = section;
  yield html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2><ul>\n`;
  for (const entry of entries) yield fileRow(entry, report);
  yield html`${entries.length === 0 ? none : ''}</ul></section>\n`;
}

function fileRow({ file, outputs }: LedgerEntry, { out }: Report): Html {
  const name = file.relativePath;
  const after = outputs.map((one) =>
    fileFrame({ ...one, label: one.name, alt: `${name}, ${one.name}` }, out),
  );
  const before = fileFrame({ ...file, label: 'Before', alt: `${name}, before` }, out);
  return html`<li class="row"><h3>${name}</h3><div class="sides">${before}${after}</div></li>\n`;
}
