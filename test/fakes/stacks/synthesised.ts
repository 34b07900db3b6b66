import { AnnotationMetadataEntryType, type TerraformStack, Testing } from 'cdktf';

/** Arguments of one resource, data source or output, as Terraform reads them. */
export type Attributes = Readonly<Record<string, unknown>>;
type ByTypeAndId = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** The Terraform configuration of a stack; a missing part is an empty record. */
export interface Synthesised {
  readonly resources: ByTypeAndId;
  readonly data: ByTypeAndId;
  readonly output: Readonly<Record<string, Attributes>>;
  /** Checks by their names; they only warn. */
  readonly check: Attributes;
  /** Warnings of the synthesis. */
  readonly warnings: readonly string[];
  readonly terraform: Attributes;
  /** Local values by their names. */
  readonly locals: Attributes;
  /** Settings of each provider by its name. */
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;
}

/** Synthesises a stack for a test. */
export function synthesised(stack: TerraformStack): Synthesised {
  // As a real synth does: it turns references to other stacks into data sources of their states.
  stack.prepareStack();
  const { resource: resources = {}, ...parts } = JSON.parse(Testing.synth(stack));
  const missing = { data: {}, output: {}, check: {}, terraform: {}, locals: {}, provider: {} };
  return { ...missing, ...parts, resources, warnings: warningsOf(stack) };
}

function warningsOf(stack: TerraformStack): readonly string[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === AnnotationMetadataEntryType.WARN)
    .map(({ data }) => String(data));
}

/** All resources of a type, whatever their ids. */
export function allOf(resources: ByTypeAndId, type: string): readonly Attributes[] {
  return Object.values(resources[type] ?? {});
}

/** The only resource of a type; throws unless there is exactly one. */
export function onlyOf(resources: ByTypeAndId, type: string): Attributes {
  const [only, ...more] = allOf(resources, type);
  if (!only || more.length > 0)
    throw new Error(`${type}: one expected, ${only ? more.length + 1 : 0} found`);
  return only;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
  readonly [more: string]: unknown;
}

/** The policy of a role, queue, bucket or key. */
export function policyOf({ policy }: Attributes): {
  readonly Version: string;
  readonly Statement: readonly PolicyStatement[];
} {
  return JSON.parse(`${policy}`);
}
