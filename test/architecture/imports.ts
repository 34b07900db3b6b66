import { parseSync } from '@swc/core';

/** What the architecture rules look at in one source file. */
export interface SourceFacts {
  /** Path from the root of the repository, with slashes. */
  readonly file: string;
  readonly lines: number;
  /** Module specifiers of imports and re-exports; `typeOnly` ones vanish when compiled. */
  readonly imports: readonly { readonly specifier: string; readonly typeOnly: boolean }[];
  /** Dotted member accesses such as `process.env`, and calls such as `Date.now()` and `new Date()`. */
  readonly uses: ReadonlySet<string>;
}

type Node = { readonly type?: string; readonly [field: string]: unknown };

/** Reads the facts of a TypeScript file from its syntax tree, so that comments and strings cannot mislead. */
export function readFacts(file: string, source: string): SourceFacts {
  const imports: { specifier: string; typeOnly: boolean }[] = [];
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

function importOf(node: Node): { specifier: string; typeOnly: boolean } | undefined {
  const declaration =
    node.type === 'ImportDeclaration' ||
    node.type === 'ExportNamedDeclaration' ||
    node.type === 'ExportAllDeclaration';
  if (declaration && node.source) {
    return { specifier: (node.source as { value: string }).value, typeOnly: node.typeOnly === true };
  }
  if (node.type !== 'CallExpression') return undefined;
  const callee = node.callee as Node;
  const required = callee.type === 'Import' || callee.value === 'require';
  const argument = (node.arguments as { expression: Node }[])[0]?.expression;
  return required && argument?.type === 'StringLiteral'
    ? { specifier: String(argument.value), typeOnly: false }
    : undefined;
}

function useOf(node: Node): string | undefined {
  if (node.type === 'MemberExpression') return dotted(node);
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
  const object = (node.object as Node).value;
  const property = (node.property as Node).value;
  return typeof object === 'string' && typeof property === 'string' ? `${object}.${property}` : undefined;
}
