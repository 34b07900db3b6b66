/** The line that sends a folder of photos into a pipeline. */
export function uploadCommand(bucket: string, sourcePrefix: string, region: string): string {
  const target = `s3://${bucket}/${sourcePrefix}`;
  return `aws s3 cp ./photos ${quotedPrefix(sourcePrefix) ? `'${target.replaceAll("'", "'\\''")}'` : target} --recursive --region ${region}`;
}

/** Whether a shell would read something into the prefix. */
function quotedPrefix(sourcePrefix: string): boolean {
  return /[^\w./-]/.test(sourcePrefix);
}

/**
 * One shell command that switches EventBridge on for a bucket and keeps its other notifications.
 * Its last step replaces the whole configuration, so that it runs only when the first could read
 * it: an empty answer with exit code 0 is a bucket without notifications.
 */
export function switchOnCommand(bucket: string, region: string): string {
  const target = `--bucket ${bucket} --region ${region}`;
  const merge =
    "JSON.stringify({...JSON.parse(require('fs').readFileSync(0,'utf8').trim()||'{}'),EventBridgeConfiguration:{}})";
  return [
    `now=$(aws s3api get-bucket-notification-configuration ${target} --output json)`,
    `next=$(printf %s "$now" | node -p "${merge}")`,
    `aws s3api put-bucket-notification-configuration ${target} --notification-configuration "$next"`,
  ].join(' && ');
}
