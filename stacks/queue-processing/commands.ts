import { shellWord } from '../../text/printable';

/** The shell command that uploads a folder of photos. */
export function uploadCommand(bucket: string, sourcePrefix: string, region: string): string {
  const target = `s3://${bucket}/${sourcePrefix}`;
  const isPlain = /^[\w./-]*$/.test(sourcePrefix);
  const word = isPlain ? target : shellWord(target);
  return `aws s3 cp ./photos ${word} --recursive --region ${region}`;
}

/**
 * The shell command that switches EventBridge on for a bucket and keeps its other notifications.
 * Its last step replaces the whole configuration, so it runs only if the first step could read the
 * configuration. An empty answer with exit code 0 is a bucket without notifications.
 */
export function switchOnCommand(bucket: string, region: string): string {
  const target = `--bucket ${bucket} --region ${region}`;
  const current = "JSON.parse(require('fs').readFileSync(0,'utf8').trim()||'{}')";
  const merge = `JSON.stringify({...${current},EventBridgeConfiguration:{}})`;
  return [
    `now=$(aws s3api get-bucket-notification-configuration ${target} --output json)`,
    `next=$(printf %s "$now" | node -p "${merge}")`,
    `aws s3api put-bucket-notification-configuration ${target} ` +
      '--notification-configuration "$next"',
  ].join(' && ');
}
