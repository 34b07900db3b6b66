import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { Construct } from 'constructs';
import { SCHEDULE_INPUT, SCHEDULE_RETRY } from '../../contract/schedule';
import type { EncryptionKey } from '../iam/encryption-key';
import { resourcesBelow } from '../iam/resources-below';
import { ServiceRole } from '../iam/service-role';
import type { ScalerFunction } from './scaler-function';

export interface ScalerScheduleProps {
  readonly scaler: ScalerFunction;
  /** An expression of EventBridge Scheduler, such as `rate(1 minute)`. */
  readonly expression: string;
  readonly key: EncryptionKey | undefined;
  /** The needs of a run: the function with its permissions, and its parameters. */
  readonly dependsOn: readonly Construct[];
}

/** Runs a scaler. A failed run is not repeated: the next run sees newer numbers. */
export class ScalerSchedule extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { scaler, expression, key, dependsOn }: ScalerScheduleProps,
  ) {
    super(scope, id);
    const role = new ServiceRole(this, 'role', {
      roleName: `${scaler.functionName}-schedule`,
      service: 'scheduler.amazonaws.com',
      description: `Schedule of ${scaler.functionName}: runs it`,
    });
    scaler.grantInvoke(role);
    key?.grantDecrypt(role, 'DecryptSchedule');
    new SchedulerSchedule(this, 'schedule', {
      // The first run starts within a minute; without its permissions it would raise an alarm.
      dependsOn: resourcesBelow(role, ...dependsOn),
      name: scaler.functionName,
      description: `Runs ${scaler.functionName}`,
      scheduleExpression: expression,
      ...(key && { kmsKeyArn: key.arn }),
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: scaler.arn,
        roleArn: role.arn,
        input: SCHEDULE_INPUT,
        retryPolicy: SCHEDULE_RETRY,
      },
    });
  }
}
