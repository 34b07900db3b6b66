import { App } from 'cdktf';
import { ConfigError } from './stacks/config/blueprint-config';
import { loadBlueprint } from './stacks/config/load-config';
import { askTerraform, checkTerraform } from './stacks/config/terraform-version';
import { CoreInfraStack } from './stacks/core-infra/core-infra-stack';
import { DeliveryStack } from './stacks/delivery/delivery-stack';
import { QueueProcessingStack } from './stacks/queue-processing/queue-processing-stack';

async function main(): Promise<void> {
  // Terraform takes a while to say its version, and the stacks are described meanwhile.
  const version = askTerraform();
  const environments = loadBlueprint();
  const app = new App();
  for (const environment of environments) {
    const { network, cluster } = new CoreInfraStack(app, environment);
    const { pipelines, key } = new QueueProcessingStack(app, environment, { network, cluster });
    new DeliveryStack(app, environment, { network, cluster, pipelines, key });
  }
  checkTerraform(await version);
  app.synth();
}

main().catch((error) => {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
