/**
 * The alias by which we find a device of ours again (formatdomain.html, "Device alias"): kept in the stored definition since it
 * begins with `ua-`; letters, digits, `-` and `_` only.
 */
export function deviceAlias(kind: 'disk' | 'cdrom' | 'nic' | 'serial', name: string): string {
  return `ua-${kind}-${name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
}

const OURS = /^ua-(disk|cdrom|nic|serial)-/;

/** True for an alias that `deviceAlias` gave. */
export function isDeviceAlias(alias: string): boolean {
  return OURS.test(alias);
}

/** The name in an alias that `deviceAlias` gave, in its letters; undefined for any other. */
export function nameInAlias(alias: string | undefined): string | undefined {
  return alias !== undefined && isDeviceAlias(alias) ? alias.replace(OURS, '') : undefined;
}
