import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Every resource of these constructs, for a `dependsOn`: what starts by itself must find all that
 * it uses.
 */
export function resourcesBelow(...constructs: readonly Construct[]): TerraformResource[] {
  return constructs
    .flatMap((construct) => construct.node.findAll())
    .filter((node): node is TerraformResource => TerraformResource.isTerraformResource(node));
}
