import { App } from 'cdktf';
import { ConfigError } from './stacks/config/blueprint-config';
import { loadBlueprint } from './stacks/config/load-config';
import { checkTerraform } from './stacks/config/terraform-version';
import { CoreInfraStack } from './stacks/core-infra/core-infra-stack';
import { DeliveryStack } from './stacks/delivery/delivery-stack';
import { QueueProcessingStack } from './stacks/queue-processing/queue-processing-stack';

try {
  checkTerraform();
  const environments = loadBlueprint();
  // cdktf takes a stack trace for each construct and each token. Mapping them to the sources takes
  // as long as the synthesis itself:
  // https://github.com/hashicorp/terraform-cdk/blob/main/packages/cdktf/lib/tokens/private/stack-trace.ts
  process.setSourceMapsEnabled(false);
  const app = new App();
  for (const environment of environments) {
    const { network, cluster } = new CoreInfraStack(app, environment);
    const { pipelines, key } = new QueueProcessingStack(app, environment, { network, cluster });
    new DeliveryStack(app, environment, { network, cluster, pipelines, key });
  }
  app.synth();
} catch (error) {
  process.setSourceMapsEnabled(true);
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
