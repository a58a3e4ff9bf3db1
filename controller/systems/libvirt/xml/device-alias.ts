/**
 * The alias by which we find a device of ours again (formatdomain.html, "Device alias"): kept in the stored definition since it
 * begins with `ua-`; letters, digits, `-` and `_` only.
 */
export function deviceAlias(kind: 'disk' | 'cdrom' | 'nic' | 'serial', name: string): string {
  return `ua-${kind}-${name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
}

/** True for an alias that `deviceAlias` gave. */
export function isDeviceAlias(alias: string): boolean {
  return /^ua-(disk|cdrom|nic|serial)-/.test(alias);
}
