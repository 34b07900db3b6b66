import { createHash } from 'node:crypto';
import path from 'node:path';
import { PRICES } from '../../contract/prices';
import { skippedSentence } from '../../folder/skipped';
import { shownDollars } from '../cost';
import type { LedgerEntry } from '../files/ledger';
import { adviceFor } from './advice';
import { escapeHtml, fileLink } from './escape';
import { PAGE_SCRIPT } from './page-script';
import { PAGE_STYLE } from './page-style';
import { isComplete, type Report } from './report';
import { byteSize, counted, duration } from './words';

/** What every current browser shows; TIFF and HEIC are among the others. */
const SHOWN = /\.(?:jpe?g|jfif|png|webp|avif|gif)$/i;

/** Rows of pictures above the dead letters, so that thousands of either hide none of the other. */
const FIRST_PICTURES = 12;
/** Objects of one reason that are shown without a click. */
const MOST_OPEN = 10;

/**
 * The page of a run, piece by piece, so that thousands of pictures need no more memory than ten. It
 * asks the network for nothing, and its policy forbids that to whatever a file name might smuggle
 * in.
 */
export function* pageChunks(report: Report): Generator<string> {
  const done = report.entries.filter((entry) => entry.renditions.length > 0).sort(byName);
  const dead = report.entries.filter((entry) => entry.deadLetters.length > 0).sort(byName);
  yield head();
  yield summary(report, done.length, dead.length);
  yield '<section aria-labelledby="pictures"><h2 id="pictures">Before and after</h2><ul>\n';
  for (const entry of done.slice(0, FIRST_PICTURES)) yield pictureRow(entry, report);
  yield `${done.length === 0 ? '<li class="soft">No object has all its renditions.</li>' : ''}</ul></section>\n`;
  if (dead.length > 0) yield* deadLetters(dead, report);
  if (report.skipped.count > 0) yield leftOut(report);
  if (done.length > FIRST_PICTURES) {
    yield '<section aria-labelledby="more"><h2 id="more">More pictures</h2><ul>\n';
    for (const entry of done.slice(FIRST_PICTURES)) yield pictureRow(entry, report);
    yield '</ul></section>\n';
  }
  yield `</main><script>${PAGE_SCRIPT}</script></body></html>\n`;
}

const byName = (one: LedgerEntry, other: LedgerEntry) =>
  one.key < other.key ? -1 : one.key > other.key ? 1 : 0;

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

function head(): string {
  const policy = `default-src 'none'; img-src 'self' file:; style-src ${sha256(PAGE_STYLE)}; script-src ${sha256(PAGE_SCRIPT)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Before and after</title>
<style>${PAGE_STYLE}</style></head>
<body><a class="skip" href="#pictures">Skip to the pictures</a><main>
`;
}

function summary(report: Report, done: number, dead: number): string {
  const complete = isComplete(report);
  const sentence = complete
    ? `${counted(report.balance.uploaded, 'object')} in, nothing lost`
    : `${counted(report.balance.uploaded, 'object')} in, ${report.balance.holds ? 'some files were left out' : 'not everything is accounted for'}`;
  const links = [
    ...(done > 0 ? ['<a href="#pictures">Before and after</a>'] : []),
    ...(dead > 0 ? ['<a href="#dead">Dead letters</a>'] : []),
    ...(report.skipped.count > 0 ? ['<a href="#left-out">Left out</a>'] : []),
    ...(done > FIRST_PICTURES ? ['<a href="#more">More pictures</a>'] : []),
  ];
  return `<h1 class="${complete ? 'good' : 'bad'}">${escapeHtml(sentence)}</h1>
<p class="soft">${escapeHtml(report.folder)}</p>
${report.because === undefined ? '' : `<p class="bad">${escapeHtml(report.because)}</p>`}
<nav aria-label="On this page">${links.join('')}</nav>
<dl>${tiles(report, done, dead).join('')}</dl>
${costTable(report)}
`;
}

function tiles(report: Report, done: number, dead: number): string[] {
  const renditions = report.entries.flatMap((entry) => entry.renditions);
  const bytes = renditions.reduce((sum, one) => sum + one.bytes, 0);
  const count = (value: number) => value.toLocaleString('en-US');
  return [
    tile('Uploaded', count(report.balance.uploaded)),
    tile('With all renditions', count(done)),
    tile('Dead letters', count(dead)),
    tile('Renditions', count(renditions.length), byteSize(bytes)),
    ...report.tasks.map((use) =>
      tile(`Tasks on ${use.capacityProvider}`, count(use.count), duration(use.seconds)),
    ),
    tile('Time', duration(report.seconds)),
    tile('On AWS', shownDollars(report.cost.dollars), `${PRICES.region}, ${PRICES.asOf}`),
  ];
}

const tile = (name: string, value: string, small = '') =>
  `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}${small && `<small>${escapeHtml(small)}</small>`}</dd></div>`;

function costTable({ cost }: Report): string {
  const rows = cost.lines.map(
    (line) =>
      `<tr><td>${escapeHtml(line.what)}</td><td class="soft">${escapeHtml(line.price)}</td><td class="number">${shownDollars(line.dollars)}</td></tr>`,
  );
  return `<details><summary>What the same run would have cost on AWS (${PRICES.region}, prices of ${PRICES.asOf}, without free tiers)</summary><table>${rows.join('')}</table></details>`;
}

/** By reason, the most frequent first: what is to be done is the same for all objects of one. */
function* deadLetters(dead: readonly LedgerEntry[], report: Report): Generator<string> {
  yield '<section aria-labelledby="dead"><h2 id="dead">Dead letters</h2>\n';
  const reasons = [...new Set(dead.map(codeOf))].map(
    (code) => [code, dead.filter((entry) => codeOf(entry) === code)] as const,
  );
  for (const [code, entries] of reasons.sort(([, one], [, other]) => other.length - one.length)) {
    yield `<details class="reason"${entries.length <= MOST_OPEN ? ' open' : ''}><summary><code>${escapeHtml(code)}</code> ${counted(entries.length, 'object')}. ${escapeHtml(adviceFor(code))}</summary><ul>\n`;
    for (const entry of entries) yield deadRow(entry, report);
    yield '</ul></details>\n';
  }
  yield '</section>\n';
}

const codeOf = ({ deadLetters: [letter] }: LedgerEntry) => letter?.code ?? '';

function deadRow(entry: LedgerEntry, report: Report): string {
  const letter = entry.deadLetters[0];
  const receives =
    letter?.receiveCount === undefined ? '' : `, ${counted(letter.receiveCount, 'receive')}`;
  const when = letter?.failedAt === undefined ? '' : `, ${letter.failedAt}`;
  return `<li class="row dead"><h3>${originalLink(entry, report)}</h3>
<p>${escapeHtml(letter?.message ?? '')}</p>
<p class="soft">${byteSize(entry.file.bytes)}${escapeHtml(receives + when)}</p></li>
`;
}

function leftOut(report: Report): string {
  const { first, count } = report.skipped;
  const rows = first.map((skipped) => `<li>${escapeHtml(skippedSentence(skipped))}</li>`);
  const more =
    count > first.length
      ? `<li class="soft">… and ${counted(count - first.length, 'other')}</li>`
      : '';
  return `<section aria-labelledby="left-out"><h2 id="left-out">Left out</h2><ul>${rows.join('')}${more}</ul></section>\n`;
}

function pictureRow(entry: LedgerEntry, report: Report): string {
  const name = entry.file.relativePath;
  const after = entry.renditions.map((one) => {
    const label = path.relative(report.out, one.path).split(path.sep)[0] ?? '';
    return side(label, one.path, one.bytes, `${name}, ${label}`, report);
  });
  return `<li class="row"><h3>${escapeHtml(name)}</h3><div class="sides">${side('Before', entry.file.path, entry.file.bytes, `${name}, before`, report)}${after.join('')}</div></li>
`;
}

function originalLink(entry: LedgerEntry, report: Report): string {
  return `<a href="${escapeHtml(fileLink(report.out, entry.file.path))}">${escapeHtml(entry.file.relativePath)}</a>`;
}

function side(label: string, file: string, bytes: number, alt: string, report: Report): string {
  const link = escapeHtml(fileLink(report.out, file));
  const extension = path.extname(file).slice(1).toUpperCase() || 'This';
  const frame = SHOWN.test(file)
    ? `<a class="frame" href="${link}"><img src="${link}" alt="${escapeHtml(alt)}" loading="lazy" decoding="async"></a>`
    : `<a class="frame none" href="${link}">${escapeHtml(extension)} is not shown by browsers</a>`;
  return `<figure>${frame}<figcaption><b>${escapeHtml(label)}</b><span data-pixels></span><span>${byteSize(bytes)}</span></figcaption></figure>`;
}
