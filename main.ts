import { App } from 'cdktf';
import { ConfigError } from './stacks/config/config-error';
import { loadBlueprint } from './stacks/config/load-config';
import { checkTerraform } from './stacks/config/terraform-version';
import { CoreInfraStack } from './stacks/core-infra-stack';
import { DeliveryStack } from './stacks/delivery-stack';
import { QueueProcessingStack } from './stacks/queue-processing-stack';

try {
  checkTerraform();
  const app = new App();
  for (const environment of loadBlueprint()) {
    const { network, cluster } = new CoreInfraStack(app, environment);
    const { pipelines, key } = new QueueProcessingStack(app, environment, { network, cluster });
    new DeliveryStack(app, environment, { network, cluster, pipelines, key });
  }
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
