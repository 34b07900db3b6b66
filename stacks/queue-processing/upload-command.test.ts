import { execFileSync } from 'node:child_process';
import { uploadCommand } from './upload-command';

describe('uploadCommand', () => {
  test('is the line that a user copies', () => {
    expect(uploadCommand('bucket', 'ecsproc/', 'eu-west-1')).toBe(
      'aws s3 cp ./photos s3://bucket/ecsproc/ --recursive --region eu-west-1',
    );
  });

  test.each(['', 'ecsproc/', 'my photos/', "it's $HOME/", 'a;b/', 'Été/'])(
    'gives the prefix `%s` to the command as one word, unchanged',
    (prefix) => {
      const line = uploadCommand('bucket', prefix, 'us-east-1').replace(/^aws/, "printf '%s\\n'");
      const words = execFileSync('sh', ['-c', line]).toString().trimEnd().split('\n');
      expect(words).toEqual([
        's3',
        'cp',
        './photos',
        `s3://bucket/${prefix}`,
        '--recursive',
        '--region',
        'us-east-1',
      ]);
    },
  );
});
