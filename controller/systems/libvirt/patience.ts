/** Where libvirtd died in the middle of a start, the domain stays half started for good; a living libvirtd needs less than this. */
export const START_PATIENCE_MS = 10_000;
