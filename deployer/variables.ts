/** Every variable that the deployer reads. A renamed one fails the types of its construct. */
export type VariableName =
  | 'DELIVERY_PATHS'
  | 'KEPT_REVISIONS'
  | 'CANARY_TIMEOUT_SECONDS'
  | 'IMAGE_DIGEST_ARM64'
  | 'IMAGE_DIGEST_X86_64'
  | 'COMMIT';
