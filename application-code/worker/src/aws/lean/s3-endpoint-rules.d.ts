/** The rules by which the SDK resolves the endpoints of S3, without the rest of its client. */
declare module '@aws-sdk/client-s3/dist-es/endpoint/endpointResolver' {
  export { defaultEndpointResolver } from '@aws-sdk/client-s3/dist-types/endpoint/endpointResolver';
}
