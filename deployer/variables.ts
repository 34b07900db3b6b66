/** Every variable that the deployer reads; a renamed one fails the types of whoever fills it. */
export type VariableName =
  | 'DELIVERY_PATHS'
  | 'KEPT_REVISIONS'
  | 'CANARY_TIMEOUT_SECONDS'
  | 'IMAGE_DIGEST_ARM64'
  | 'IMAGE_DIGEST_X86_64'
  | 'COMMIT';
