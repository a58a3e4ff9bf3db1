/** The first version number in a text, `3.1.0` in `ovs-vsctl (Open vSwitch) 3.1.0`; undefined where there is none. */
export function versionIn(text: string | undefined): string | undefined {
  return /\d+(?:\.\d+)+/.exec(text ?? '')?.[0];
}

/** True when `version` comes before `wanted`; both are numbers with dots. */
export function isOlder(version: string, wanted: string): boolean {
  const [left, right] = [numbers(version), numbers(wanted)];
  const index = right.findIndex((number, place) => (left[place] ?? 0) !== number);
  return index >= 0 && (left[index] ?? 0) < (right[index] ?? 0);
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}
