import { pluralize } from '../../text/words';
import type { SheetClass, SheetPicture } from '../dataset/contact-sheet';
import { type Html, html } from './html';
import type { DatasetReport } from './report';

/** Some samples of each class, as they lie in the shards. */
export function* contactSheet({ sheet }: DatasetReport): Generator<Html> {
  yield html`<section aria-labelledby="files"><h2 id="files">Samples by class</h2>\n`;
  if (sheet.length === 0) yield html`<p class="soft">No object has become a sample.</p>`;
  for (const one of sheet) yield classOf(one);
  yield html`</section>\n`;
}

function classOf({ label, samples, pictures }: SheetClass): Html {
  const name = label ?? 'Without a label';
  const more = samples - pictures.length;
  const others = more > 0 ? html`<li class="soft">… and ${pluralize(more, 'other')}</li>` : '';
  const count = html`<span class="soft">${pluralize(samples, 'sample')}</span>`;
  return html`<div class="class"><h3>${name} ${count}</h3>
<ul class="sheet">${pictures.map(pictureOf)}${others}</ul></div>\n`;
}

const pictureOf = ({ key, type, base64 }: SheetPicture) =>
  html`<li><img src="data:${type};base64,${base64}" alt="${key}" title="${key}"></li>`;
