import { AnnotationMetadataEntryType, type TerraformStack, Testing } from 'cdktf';

/**
 * Arguments of one resource, data source or output as Terraform reads them; tests know what they
 * look for.
 */
export type Attributes = Readonly<Record<string, unknown>>;
type ByTypeAndId = Readonly<Record<string, Readonly<Record<string, Attributes>>>>;

/** A stack's Terraform, read back; what a stack does not have is an empty record. */
export interface Synthesised {
  readonly resources: ByTypeAndId;
  readonly data: ByTypeAndId;
  readonly output: Readonly<Record<string, Attributes>>;
  /** Checks that only warn, by their names. */
  readonly check: Attributes;
  /** What the synthesis warns of. */
  readonly warnings: readonly string[];
  readonly terraform: Attributes;
  /** Local values by their names. */
  readonly locals: Attributes;
  /** Settings of each provider by its name. */
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;
}

/** Synthesises a stack for a test. */
export function synthesised(stack: TerraformStack): Synthesised {
  // As a real synth does: only then do references to other stacks become states that it reads.
  stack.prepareStack();
  const {
    resource = {},
    data = {},
    output = {},
    check = {},
    terraform = {},
    locals = {},
    provider = {},
  } = JSON.parse(Testing.synth(stack));
  return {
    resources: resource,
    data,
    output,
    check,
    warnings: warningsOf(stack),
    terraform,
    locals,
    provider,
  };
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

/** The only resource of a type; throws when there is none or more than one. */
export function onlyOf(resources: ByTypeAndId, type: string): Attributes {
  const [only, ...more] = allOf(resources, type);
  if (!only || more.length > 0)
    throw new Error(`${type}: one expected, ${only ? more.length + 1 : 0} found`);
  return only;
}
