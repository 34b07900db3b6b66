import { contactSheet } from './contact-sheet';
import type { DatasetReport } from './report';

const REPORT: DatasetReport = { samples: 3, shards: 1, bytes: 512, problems: [], sheet: [] };
const sheetOf = (sheet: DatasetReport['sheet']) => [...contactSheet({ ...REPORT, sheet })].join('');
const HOSTILE = `"><img src=x onerror=alert(1)>`;

describe('the contact sheet', () => {
  test('shows pictures of each class, and how many it does not show', () => {
    const picture = { key: 'ecsproc/a b.jpg', type: 'image/jpeg', base64: 'AAAA' };
    const text = sheetOf([{ label: 'große Hunde', samples: 3, pictures: [picture] }]);
    expect(text).toContain('<h3>große Hunde <span class="soft">3 samples</span></h3>');
    expect(text).toContain('<img src="data:image/jpeg;base64,AAAA" alt="ecsproc/a b.jpg"');
    expect(text).toContain('… and 2 others');
  });

  test('lets no label and no key become a part of the page', () => {
    const picture = { key: HOSTILE, type: 'image/jpeg', base64: 'AAAA' };
    const text = sheetOf([{ label: HOSTILE, samples: 1, pictures: [picture] }]);
    expect(text).not.toContain('<img src=x');
    expect(text.match(/&quot;&gt;&lt;img src=x/g)).toHaveLength(3);
  });

  test('says that there is no sample', () => {
    expect(sheetOf([])).toContain('No object has become a sample.');
  });
});
