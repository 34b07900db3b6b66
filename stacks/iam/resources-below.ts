import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/** All resources of these constructs, for the `dependsOn` of what starts right after it exists. */
export function resourcesBelow(...constructs: readonly Construct[]): TerraformResource[] {
  return constructs
    .flatMap((construct) => construct.node.findAll())
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node));
}
