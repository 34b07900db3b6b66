/**
 * Regions in which CodeConnections has an endpoint, as of November 2026.
 * https://docs.aws.amazon.com/general/latest/gr/codestar_connections.html; CodePipeline's guide
 * names those without:
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html
 */
export const CONNECTION_REGIONS: readonly string[] = [
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ca-central-1',
  'eu-central-1',
  'eu-north-1',
  'eu-south-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-gov-east-1',
  'us-west-1',
  'us-west-2',
];

/**
 * Regions for which AWS says that CodeBuild has machines of the type `ARM_CONTAINER`, as of
 * November 2026. It has had them elsewhere before its documents said so:
 * https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateFleet.html
 */
export const ARM_BUILD_REGIONS: readonly string[] = [
  'ap-northeast-1',
  'ap-south-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'eu-central-1',
  'eu-west-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-2',
];
