import fc from 'fast-check';
import { FAULTS } from '../../application-code/worker/src/faults';
import { recipeOf } from '../../application-code/workloads';
import { adviceFor, UNATTRIBUTED } from '../files/dead-letter';
import { balanceOf, type LedgerEntry, missingOutputs } from '../files/ledger';
import { billOfRun } from '../run-bill';
import { html } from './html';
import { pageChunks } from './page';
import type { Report } from './report';
import { summaryLines } from './summary';

/** @param dead the fault code of its dead letter, if it has one. */
function entry(name: string, dead?: string): LedgerEntry {
  return {
    key: `ecsproc/${name}`,
    file: { kind: 'file', path: `/photos/${name}`, relativePath: name, bytes: 2_048 },
    outputs: dead ? [] : [{ key: `s/${name}`, path: `/work/out/s/${name}`, bytes: 512, name: 's' }],
    skipped: [],
    deadLetters: dead
      ? [
          {
            messageId: 'm',
            key: name,
            code: dead,
            message: `<${name}>`,
            receiveCount: 1,
          },
        ]
      : [],
  };
}

function report(entries: readonly LedgerEntry[], change: Partial<Report> = {}): Report {
  const expectedOf = (key: string) => [key.replace('ecsproc', 's')];
  const balance = balanceOf(entries, [], (entry) => missingOutputs(entry, expectedOf, () => true));
  return {
    end: 'complete',
    workload: 'images',
    folder: '/photos',
    out: '/work/out',
    page: '/work/out/index.html',
    seconds: 4.2,
    entries,
    balance,
    skipped: { first: [], count: 0 },
    ignored: 0,
    unannounced: { count: 0, suffixes: [] },
    notCollected: [],
    tasks: [{ capacityProvider: 'FARGATE', count: 1, seconds: 3, failed: 0 }],
    cost: billOfRun({
      tasks: [{ capacityProvider: 'FARGATE', seconds: 3 }],
      vcpus: 1,
      memoryGb: 2,
      objects: entries.length,
      readsPerObject: 2,
      uploads: entries.length,
      outputs: entries.length,
      deadLetters: 0,
      scalerRuns: 1,
    }),
    ...change,
  };
}

const page = (entries: readonly LedgerEntry[], change: Partial<Report> = {}) =>
  [...pageChunks(report(entries, change))].join('');
const HOSTILE = `"><img src=x onerror=alert(1)><script>'&.jpg`;
const ESCAPED = '&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&lt;script&gt;&#39;&amp;.jpg';

describe('pageChunks', () => {
  test('shows before and after side by side, each with a link that works', () => {
    const text = page([entry('a b#?%&é.jpg')]);
    expect(text).toContain('src="../../photos/a%20b%23%3F%25%26%C3%A9.jpg"');
    expect(text).toContain('src="./s/a%20b%23%3F%25%26%C3%A9.jpg"');
    expect(text.match(/loading="lazy"/g)).toHaveLength(2);
  });

  test('has a link in the place of what browsers do not show as a picture', () => {
    const text = page([entry('scan.tif')]);
    expect(text).toContain('>Open scan.tif</a>');
    expect(text).not.toContain('<img');
  });

  test('shows dead letters by their reason, the most frequent first, each with its message', () => {
    const damaged = ['broken.jpg', 'cut.jpg'].map((name) => entry(name, 'Undecodable'));
    const text = page([entry('a.jpg', 'EmptySource'), ...damaged]);
    const summaries = [...text.matchAll(/<summary><code>(.*?)<\/summary>/g)].map(
      ([, code]) => code,
    );
    expect(summaries).toEqual([
      `Undecodable</code> 2 objects. ${html`${adviceFor('Undecodable', 'images')}`}`,
      `EmptySource</code> 1 object. ${html`${adviceFor('EmptySource', 'images')}`}`,
    ]);
    expect(text).toContain('<p>&lt;broken.jpg&gt;</p>');
  });

  test('shows dead letters below the first files, and opens no reason of many objects', () => {
    const pictures = Array.from({ length: 13 }, (_, index) => entry(`${10 + index}.jpg`));
    const many = Array.from({ length: 11 }, (_, index) => entry(`b${index}.jpg`, 'Undecodable'));
    const text = page([...pictures, ...many, entry('empty.jpg', 'EmptySource')]);
    const order = ['>21.jpg<', '<h2 id="dead">', '<h2 id="more">', '>22.jpg<'].map((one) =>
      text.indexOf(one),
    );
    expect(order).toEqual([...order].sort((one, other) => one - other));
    expect(order).not.toContain(-1);
    expect(text).toMatch(/<details class="reason">\n<summary><code>Undecodable/);
    expect(text).toMatch(/<details class="reason" open>\n<summary><code>EmptySource/);
  });

  test('lets no name become a part of the page', () => {
    const picture = entry(HOSTILE);
    const dead = entry(HOSTILE, HOSTILE);
    const letter = { messageId: 'm', code: HOSTILE, message: HOSTILE, failedAt: HOSTILE };
    const text = page([picture, { ...dead, deadLetters: [letter] }], {
      folder: HOSTILE,
      because: HOSTILE,
      skipped: { first: [{ name: HOSTILE, reason: 'Unreadable', detail: HOSTILE }], count: 1 },
      tasks: [{ capacityProvider: HOSTILE as 'FARGATE', count: 1, seconds: 3, failed: 0 }],
      cost: { lines: [{ kind: 's3', what: HOSTILE, price: HOSTILE, dollars: 1 }], dollars: 1 },
    });
    expect(text.match(/<script>/g)).toHaveLength(1);
    expect(text).not.toContain('<img src=x');
    expect(text).not.toMatch(/="[^"]*<|onerror="/);
    expect(text.split(ESCAPED).length).toBeGreaterThan(10);
  });

  test('loads nothing from the network, and forbids it', () => {
    const text = page([entry('a.jpg'), entry('b.jpg', 'Undecodable')]);
    expect(text).not.toMatch(/https?:|\/\/[a-z]/);
    expect(text).toContain('default-src &#39;none&#39;;');
  });

  test('orders files by their keys', () => {
    const text = page([entry('b.jpg'), entry('a.jpg')]);
    expect(text.indexOf('>a.jpg<')).toBeLessThan(text.indexOf('>b.jpg<'));
  });
});

describe('html', () => {
  test('leaves nothing that a parser or a reader could take for something else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const all = String(html`${text}${[text, [text]]}`);
        expect(all).not.toMatch(/[<>"'\0\u202e]|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });

  test('keeps HTML within HTML, alone and in lists', () => {
    const bold = html`<b>${'<'}</b>`;
    expect(String(html`<p>${bold}${[bold, undefined]}</p>`)).toBe('<p><b>&lt;</b><b>&lt;</b></p>');
  });

  test('shows marks that reverse the direction of text', () => {
    expect(String(html`${'\u202egpj.\u001b\n'}`)).toBe('\\u202egpj.\\u001b\n');
  });
});

const CODES = [...Object.keys(FAULTS), UNATTRIBUTED, ...Object.keys(recipeOf('images').faults)];

test.each([...new Set(CODES)])('there is advice for %s', (code) => {
  const unknown = adviceFor('constructor', 'images');
  expect(unknown).toBe('Look at its message.');
  expect(adviceFor(code, 'images')).not.toBe(unknown);
});

describe('summaryLines', () => {
  const text = (entries: readonly LedgerEntry[], change: Partial<Report> = {}) =>
    summaryLines(report(entries, change)).join('\n');

  test('states the promise, object by object', () => {
    const lines = text([entry('a.jpg'), entry('b.jpg'), entry('c.jpg', 'Undecodable')]);
    expect(lines).toContain('✔ 3 objects uploaded = 2 with all outputs + 1 dead letter');
    expect(lines).toContain('c.jpg: Undecodable');
    expect(lines).toContain('1 FARGATE (3.0 s)');
    expect(lines).toContain('$0.03238 per vCPU-hour');
    expect(lines).toContain('/work/out/index.html');
  });

  test('reports skipped outputs, and ignored files of operating systems', () => {
    const skipped = [{ name: 'big', because: 'output big would be 20000 × 10 pixels' }];
    const lines = text([{ ...entry('a.jpg'), skipped }], { ignored: 2 });
    expect(lines).toContain('✔ 1 object uploaded');
    expect(lines).toContain('Skipped outputs:\n  a.jpg: output big would be 20000 × 10 pixels');
    expect(lines).toContain('2 files and folders of an operating system');
    expect(text([entry('a.jpg')])).not.toMatch(/Skipped|ignored|announces/);
  });

  test('reports files of which the pipeline would never hear', () => {
    const lines = text([entry('a.jpg')], { unannounced: { count: 3, suffixes: ['.jpg'] } });
    expect(lines).toContain('3 files were not uploaded, since S3 announces only keys that end in');
    expect(lines).toContain('✔ 1 object uploaded');
  });

  test('reports a failure and the object when one is not accounted for', () => {
    const lines = text([{ ...entry('a.jpg'), outputs: [] }]);
    expect(lines).toContain('✘ Not everything is accounted for');
    expect(lines).toContain('ecsproc/a.jpg has no dead letter, and these are missing: s/a.jpg');
  });

  test('never claims success when files were left out', () => {
    const skipped = { first: [{ name: 'link', reason: 'LinkLoops' as const }], count: 1 };
    const lines = text([entry('a.jpg')], { skipped });
    expect(lines).not.toContain('✔');
    expect(lines).toContain('but 1 file was left out');
  });

  test('lists twenty of many and counts the others', () => {
    const lines = text(
      Array.from({ length: 25 }, (_, index) => entry(`${index}.jpg`, 'Undecodable')),
    );
    expect(lines).toContain('… and 5 others');
  });

  test('lets no name move the cursor of a terminal', () => {
    expect(text([entry('\u001b[2J.jpg', 'Undecodable')])).not.toContain('\u001b');
  });
});
