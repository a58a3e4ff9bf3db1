/**
 * The alias by which we find a device of ours again (formatdomain.html, "Device alias"): kept in the stored definition since it
 * begins with `ua-`; letters, digits, `-` and `_` only.
 */
export function deviceAlias(kind: 'disk' | 'cdrom' | 'nic' | 'serial', name: string): string {
  return `ua-${kind}-${name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
}
