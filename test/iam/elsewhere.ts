import type { Permission } from './permission';

/** Names of ours and those of another owner, such as a second environment. */
export type Renames = Readonly<Record<string, string>>;

/** Context keys that hold a name by which AWS tells one owner from another. */
const NAMING_KEYS = ['ecs:cluster', 'aws:SourceArn'];
/** Keys for which a second environment has the same value as ours. */
const OTHERS: Readonly<Record<string, string>> = {
  'aws:SourceAccount': '999999999999',
  'iam:PassedToService': 'ec2.amazonaws.com',
};

/** Begins the key that holds a tag; another owner's resource does not have ours. */
const TAG_OF_RESOURCE = 'aws:ResourceTag/spillway:canary';

/** The same request, each time with one thing of another owner in it. */
export function aimedElsewhere(permission: Permission, renames: Renames): readonly Permission[] {
  const rename = (text: string) =>
    Object.entries(renames).reduce(
      (renamed, [ours, other]) => renamed.replaceAll(ours, other),
      text,
    );
  const { resource, context } = permission;
  const contexts = Object.entries(context).flatMap(([key, value]) => {
    if (key.startsWith(TAG_OF_RESOURCE)) return [without(context, key)];
    const other = OTHERS[key];
    if (other) return [{ ...context, [key]: other }];
    if (!NAMING_KEYS.includes(key) || typeof value !== 'string') return [];
    return rename(value) === value ? [] : [{ ...context, [key]: rename(value) }];
  });
  return [
    ...(rename(resource) === resource ? [] : [{ ...permission, resource: rename(resource) }]),
    ...contexts.map((changed) => ({ ...permission, context: changed })),
  ];
}

function without(context: Permission['context'], key: string): Permission['context'] {
  return Object.fromEntries(Object.entries(context).filter(([name]) => name !== key));
}
