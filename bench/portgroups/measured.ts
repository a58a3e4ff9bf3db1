/** What `inside.ts` prints. Times are in milliseconds, one a round. */
export interface Measured {
  readonly lastTag: number;
  /** From the API's answer to the last port's tag in OVSDB. */
  readonly tagsMs: readonly number[];
  /** From the API's answer until libvirt's network and domains, running and stored, agree. */
  readonly booksMs: readonly number[];
  /** One OVSDB transaction that sets the tags. */
  readonly floorMs: readonly number[];
  /** One virsh for the network and one for each guest. */
  readonly virshMs: readonly number[];
  /** Other ports, or their interfaces, of which anything changed but counters. */
  readonly otherPortsTouched: readonly string[];
  /** What the kernel told of any device. */
  readonly linkEvents: readonly string[];
  readonly isSameQemus: boolean;
}
