import type { Message } from '../queue/ports';
import type { SourceResult } from './job';
import { jobLines } from './job-lines';

const message = { messageId: '5f1c2d3e-1111-4222-8333-444455556666', receiveCount: 1 } as Message;
const measures = {
  ...{ bytes: 1_432_123, figures: { pixels: 4_032_000 } },
  phases: { wait: 12.4, read: 34, render: 11.6, write: 31 },
};
const PHOTO: SourceResult = {
  outcome: 'done',
  ...measures,
  key: 'ecsproc/2026/holiday/IMG_20260812_143201.jpg',
  renditions: ['processed/224x224/2026/holiday/IMG_20260812_143201.jpg'],
};
const SAMPLE: SourceResult = {
  outcome: 'done',
  ...measures,
  key: 'ecsproc/n01440764/n01440764_10026.JPEG',
  sample: 'n01440764/n01440764_10026%2EJPEG',
};

test('a source has a line with its message, phases, and the numbers of its workload', () => {
  expect(jobLines([PHOTO], 'acknowledge', message, 131.2)).toEqual([
    {
      ...{ event: 'job', outcome: 'done', key: PHOTO.key, bytes: 1_432_123, pixels: 4_032_000 },
      ...{ messageId: message.messageId, receiveCount: 1, renditions: PHOTO.renditions },
      milliseconds: { wait: 12, read: 34, render: 12, write: 31, total: 131 },
    },
  ]);
});

test('a sample has a short line, since the index of its part has the rest', () => {
  const [line] = jobLines([SAMPLE], 'acknowledge', message, 131.2);
  expect(line).toEqual({
    ...{ event: 'job', outcome: 'done', key: SAMPLE.key, bytes: 1_432_123, pixels: 4_032_000 },
    ...{ sample: SAMPLE.sample, receiveCount: 1, milliseconds: { total: 131 } },
  });
});

test('a sample that is not done has its whole line', () => {
  const failed: SourceResult = {
    ...{ outcome: 'interrupted', key: 'ecsproc/cat.jpg', because: 'The worker had to end.' },
    phases: measures.phases,
  };
  expect(jobLines([failed], 'release', message, 131.2)).toEqual([
    {
      ...{ event: 'job', outcome: 'interrupted', key: failed.key, because: failed.because },
      ...{ messageId: message.messageId, receiveCount: 1 },
      milliseconds: { wait: 12, read: 34, render: 12, write: 31, total: 131 },
    },
  ]);
});
