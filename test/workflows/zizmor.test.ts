import { readFindings } from './zizmor';

const finding = {
  ident: 'unpinned-uses',
  desc: 'unpinned action reference',
  url: 'https://docs.zizmor.sh/audits/#unpinned-uses',
  ignored: false,
  locations: [
    {
      symbolic: { kind: 'Hidden', key: { Local: { verbatim_path: 'a.yml' } } },
      concrete: { location: { start_point: { row: 0 } } },
    },
    {
      symbolic: { kind: 'Primary', key: { Local: { verbatim_path: 'a.yml' } } },
      concrete: { location: { start_point: { row: 10 } } },
    },
  ],
};

test('readFindings names file, line and audit', () => {
  expect(readFindings(JSON.stringify([finding]))).toEqual([
    'a.yml:11 unpinned action reference [unpinned-uses, https://docs.zizmor.sh/audits/#unpinned-uses]',
  ]);
});

test('readFindings leaves out what a comment in the workflow has judged', () => {
  expect(readFindings(JSON.stringify([{ ...finding, ignored: true }]))).toEqual([]);
});

test('fails when the auditor says something else than findings', () => {
  expect(() => readFindings('panicked')).toThrow(SyntaxError);
});
