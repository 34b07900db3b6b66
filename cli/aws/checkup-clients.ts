/**
 * The clients of one command, in a file of their own beside its bundle: most of it would be EC2's.
 * An import of a whole package late takes all of it.
 */
export { CodePipelineClient, GetPipelineCommand } from '@aws-sdk/client-codepipeline';
export {
  CodeStarConnectionsClient,
  GetConnectionCommand,
  paginateListConnections,
} from '@aws-sdk/client-codestar-connections';
export {
  DescribeAddressesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  paginateDescribeVpcs,
} from '@aws-sdk/client-ec2';
export {
  GetServiceQuotaCommand,
  paginateListServiceQuotas,
  ServiceQuotasClient,
} from '@aws-sdk/client-service-quotas';
export { paginateListSubscriptions, SNSClient } from '@aws-sdk/client-sns';
