import { photos, testTexts } from '../../test/fakes/stacks/broken-blueprint';

const permission = (settings: object) => {
  const statement = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::models/*'] };
  return photos({ permissions: [{ ...statement, ...settings }] });
};

testTexts([
  {
    setting: 'environment.MODEL',
    blueprint: (MODEL) => photos({ environment: { MODEL } }),
    right: ['', 'a b\n"$\u00e9', 'x'.repeat(4_096)],
    wrong: ['x'.repeat(4_097), 'a\0'],
  },
  {
    setting: 'secrets.API_KEY',
    blueprint: (API_KEY) => photos({ secrets: { API_KEY } }),
    right: [
      'arn:aws:ssm:eu-west-1:123456789012:parameter/a/b.c-d_e',
      'arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b-AbCdEf',
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf:user::',
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf::AWSPREVIOUS:',
    ],
    wrong: [
      '',
      's3cr3t',
      '/a/b',
      'arn:aws:ssm:us-east-1:123456789012:parameter/*',
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:a',
      'arn:aws:secretsmanager:us-east-1:123456789012:secret:a-AbCdEf:user',
      'arn:aws:s3:::bucket',
    ],
  },
  {
    setting: 'permissions[0].actions[0]',
    blueprint: (action) => permission({ actions: [action] }),
    right: ['s3:GetObject', 'execute-api:Invoke', 'a4b:X1'],
    wrong: ['', 's3:*', 's3:Get*', 'GetObject', '*', 's3:Get Object'],
  },
  {
    setting: 'permissions[0].resources[0]',
    blueprint: (resource) => permission({ resources: [resource] }),
    right: ['*', 'arn:aws:s3:::models/*', `arn:aws:s3:::a/\${aws:username}`],
    wrong: ['', 'models', 'arn:aws', 'arn:aws:s3:::a b', '**'],
  },
]);
