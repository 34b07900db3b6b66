/** A blueprint's name that a service refuses, why, and its neighbour that all take. */
export const RESERVED_NAMES = [
  ['sthree', 'S3 keeps bucket names that begin with sthree-', 'sthrees'],
  ['sthree-a', 'S3 keeps bucket names that begin with sthree-', 's-three'],
  ['xn--a', 'S3 keeps bucket names that begin with xn--', 'xn-a'],
  ['amzn-s3-demo', 'S3 keeps bucket names that begin with amzn-s3-demo-', 'amzn-s3'],
  ['aws', 'Systems Manager keeps names of parameters that begin with aws', 'my-aws'],
  ['awsx', 'Systems Manager keeps names of parameters that begin with aws', 'awx'],
  ['ssm', 'Systems Manager keeps names of parameters that begin with ssm', 'sms'],
  ['sg', 'EC2 keeps names of security groups that begin with sg-', 'sga'],
  ['sg-a', 'EC2 keeps names of security groups that begin with sg-', 'a-sg'],
  ['3d', 'names of ECR repositories begin with a letter', 'd3'],
  ['a--b', 'names of ECR repositories have no two hyphens in a row', 'a-b'],
] as const;
