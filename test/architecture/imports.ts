import { parseSync } from '@swc/core';

/** An import or a re-export. */
export interface Import {
  readonly specifier: string;
  /** It vanishes when compiled. */
  readonly typeOnly: boolean;
  /** What is taken under its name in the other module, types left out; `*` for all of it. */
  readonly values: readonly string[];
}

/** What the architecture rules look at in one source file. */
export interface SourceFacts {
  /** Path from the root of the repository, with slashes. */
  readonly file: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /**
   * Member accesses such as `process.env`, or `.length` of what has no name; calls such as
   * `Date.now()` and `new Date()`; texts in quotes; and `#private` for a name with a hash.
   */
  readonly uses: ReadonlySet<string>;
}

type Node = { readonly type?: string; readonly [field: string]: unknown };

/** Reads the facts of a TypeScript file from its syntax tree, past comments and strings. */
export function readFacts(file: string, source: string): SourceFacts {
  const imports: Import[] = [];
  const uses = new Set<string>();
  visit(parseSync(source, { syntax: 'typescript', target: 'es2022' }), (node) => {
    const imported = importOf(node);
    if (imported) imports.push(imported);
    const used = useOf(node);
    if (used) uses.add(used);
  });
  return { file, lines: source.split('\n').length - 1, imports, uses };
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(element, see);
  } else if (typeof value === 'object' && value !== null) {
    see(value as Node);
    for (const child of Object.values(value)) visit(child, see);
  }
}

function importOf(node: Node): Import | undefined {
  const declaration =
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportNamedDeclaration' ||
    node.type === 'ExportAllDeclaration';
  if (declaration && node.source) {
    const typeOnly = node.typeOnly === true;
    const { value: specifier } = node.source as { value: string };
    return { specifier, typeOnly, values: typeOnly ? [] : valuesOf(node) };
  }
  if (node.type !== 'CallExpression') return undefined;
  const callee = node.callee as Node;
  const required = callee.type === 'Import' || callee.value === 'require';
  const argument = (node.arguments as { expression: Node }[])[0]?.expression;
  return required && argument?.type === 'StringLiteral'
    ? { specifier: String(argument.value), typeOnly: false, values: ['*'] }
    : undefined;
}

/** A default is `default`; a namespace, or a specifier without names, is all of the module. */
function valuesOf(declaration: Node): string[] {
  const specifiers = declaration.specifiers as Node[] | undefined;
  if (!specifiers?.length) return ['*'];
  return specifiers
    .filter(({ isTypeOnly }) => isTypeOnly !== true)
    .map((one) => {
      if (one.type === 'ImportDefaultSpecifier') return 'default';
      if (one.type !== 'ImportSpecifier' && one.type !== 'ExportSpecifier') return '*';
      const name = (one.imported ?? one.local ?? one.orig) as Node;
      return String(name.value);
    });
}

function useOf(node: Node): string | undefined {
  if (node.type === 'MemberExpression') return dotted(node);
  if (node.type === 'PrivateName') return '#private';
  if (node.type === 'StringLiteral') return `'${node.value}'`;
  if (node.type === 'CallExpression') {
    const callee = dotted(node.callee as Node);
    return callee && `${callee}()`;
  }
  const bareDate = (node.arguments as unknown[] | undefined)?.length === 0;
  return node.type === 'NewExpression' && bareDate && (node.callee as Node).value === 'Date'
    ? 'new Date()'
    : undefined;
}

function dotted(node: Node): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const { value: object = '' } = node.object as Node;
  const property = (node.property as Node).value;
  return typeof object === 'string' && typeof property === 'string'
    ? `${object}.${property}`
    : undefined;
}
