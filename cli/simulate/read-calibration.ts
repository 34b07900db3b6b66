import { fleetPlaceOf } from '../status/read-status';
import type { Target } from '../target/target';
import { withDeployed } from '../target/with-deployed';
import { RefusalError } from '../terminal/failures';
import { type Calibration, calibrate } from './calibrate';

const DAYS = 7;
const DAY = 86_400_000;

/**
 * Measures a deployed pipeline, by what its workers, its scaler and ECS have of the last days.
 * @throws RefusalError when it has done no job in them.
 */
export async function readCalibration(target: Target, now: number): Promise<Calibration> {
  const { chosen, account } = target;
  const { environment, pipeline } = chosen;
  const window = { from: now - DAYS * DAY, to: now };
  const [minutes, tasks] = await withDeployed(chosen, async () => {
    const variables = await account.scaler.variables(chosen.scaler);
    return Promise.all([
      account.metrics.minutes({ environment, pipeline }, window),
      account.tasks.lives(fleetPlaceOf(target, variables)),
    ]);
  });
  const calibration = calibrate({ ...window, minutes, tasks });
  if (calibration) return calibration;
  throw new RefusalError(
    `${environment}/${pipeline} has no metrics of a job that was done in the last ${DAYS} days, ` +
      'so there is nothing to calibrate from: upload some objects, wait two minutes after they ' +
      'are done and ask again, or leave out --calibrate and say what you know, such as --assume ' +
      'jobSeconds=2.',
  );
}
