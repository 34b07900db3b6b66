import type { Permission } from './implied-permissions';

/** Names of ours and what somebody else's would be called, such as those of a second environment. */
export type Renames = Readonly<Record<string, string>>;

/** Context keys that hold a name by which AWS tells one owner from another. */
const NAMING_KEYS = ['ecs:cluster', 'aws:SourceArn'];
/** Keys for which a second environment has the same value as ours. */
const OTHERS: Readonly<Record<string, string>> = {
  'aws:SourceAccount': '999999999999',
  'iam:PassedToService': 'ec2.amazonaws.com',
};

/** The same request, each time with one thing of somebody else's in it: the resource, the cluster, the service. */
export function aimedElsewhere(permission: Permission, renames: Renames): readonly Permission[] {
  const rename = (text: string) =>
    Object.entries(renames).reduce((renamed, [ours, other]) => renamed.replaceAll(ours, other), text);
  const { resource, context } = permission;
  const contexts = Object.entries(context).flatMap(([key, value]) => {
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
