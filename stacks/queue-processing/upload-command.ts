/** The line that sends a folder of photos into a pipeline. */
export function uploadCommand(bucket: string, sourcePrefix: string, region: string): string {
  const target = `s3://${bucket}/${sourcePrefix}`;
  return `aws s3 cp ./photos ${quotedPrefix(sourcePrefix) ? `'${target.replaceAll("'", "'\\''")}'` : target} --recursive --region ${region}`;
}

/** Whether a shell would read something into the prefix. */
function quotedPrefix(sourcePrefix: string): boolean {
  return /[^\w./-]/.test(sourcePrefix);
}
