import { Testing } from 'cdktf';
import type { EnvironmentInput } from '../../../stacks/config/blueprint-config';
import { CoreInfraStack } from '../../../stacks/core-infra/core-infra-stack';
import { devEnvironment } from './environment';
import { type Attributes, allOf, type Synthesised, synthesised } from './synthesised';

type Resources = Synthesised['resources'];

/** The core infrastructure of environment `dev` with these settings. */
export function coreInfra(input: EnvironmentInput = {}): Synthesised {
  return synthesised(new CoreInfraStack(Testing.app(), devEnvironment(input)));
}

/** References to an attribute of every resource of a type. */
export function referencesTo(
  resources: Resources,
  type: string,
  attribute = 'id',
): readonly string[] {
  return Object.keys(resources[type] ?? {}).map((id) => `\${${type}.${id}.${attribute}}`);
}

/** The resource that a reference names. */
export function referenced(resources: Resources, reference: unknown): Attributes {
  const [, type = '', id = ''] = /^\$\{(\w+)\.([\w-]+)\./.exec(`${reference}`) ?? [];
  const resource = resources[type]?.[id];
  if (!resource) throw new Error(`${reference}: no such resource`);
  return resource;
}

/** The route out of the VPC for a subnet; `undefined` without one. */
export function wayOut(resources: Resources, subnetId: unknown): Attributes | undefined {
  const { route_table_id } = routed(resources, subnetId);
  return allOf(resources, 'aws_route').find(
    (route) =>
      route.route_table_id === route_table_id && route.destination_cidr_block === '0.0.0.0/0',
  );
}

/** The association of a subnet with its route table. */
export function routed(resources: Resources, subnetId: unknown): Attributes {
  const found = allOf(resources, 'aws_route_table_association').filter(
    (one) => one.subnet_id === subnetId,
  );
  const [only] = found;
  if (!only || found.length > 1) throw new Error(`${subnetId}: ${found.length} route tables`);
  return only;
}

/** All rules of the stack that let traffic in. */
export function ingressRules({ resources }: Synthesised): readonly Attributes[] {
  const inline = ['aws_security_group', 'aws_default_security_group']
    .flatMap((type) => allOf(resources, type))
    .filter((group) => group.ingress !== undefined);
  const rules = ['aws_vpc_security_group_ingress_rule', 'aws_security_group_rule'];
  return [...inline, ...rules.flatMap((type) => allOf(resources, type))];
}
