import type { LibvirtDomain } from '../desired.ts';
import type { DiskToMake } from '../step.ts';

/** The images of a domain that we know how to make. */
export function imagesToMake({ disks, seed }: LibvirtDomain): DiskToMake[] {
  const made = disks
    .filter(({ sizeBytes, baseImage }) => sizeBytes !== undefined || baseImage !== undefined)
    .map(({ path, format, sizeBytes, baseImage }) => ({ path, format, sizeBytes, baseImage }));
  return seed === undefined ? made : [...made, { path: seed.path, format: 'raw', files: seed.files }];
}

/** True for a path that only instructions for cloud-init can have, of the domain of that name: the compiler names them so. */
export function isSeedOf(domain: string, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.startsWith(`${domain}-cloud-init-`) && /^[0-9a-f]{12}\.iso$/.test(name.slice(`${domain}-cloud-init-`.length));
}
