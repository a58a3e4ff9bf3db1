/** virErrorNumber (libvirt's virterror.h), as far as we tell them apart. */
export const ERROR_CODES = {
  NO_SUPPORT: 3,
  XML_ERROR: 27,
  AUTH_FAILED: 45,
  NO_DOMAIN: 42,
  NO_NETWORK: 43,
  OPERATION_INVALID: 55,
  CONFIG_UNSUPPORTED: 67,
  OPERATION_TIMEOUT: 68,
  AUTH_CANCELLED: 79,
  AUTH_UNAVAILABLE: 94,
  DEVICE_MISSING: 99,
} as const;

/** libvirt did not do what it was asked to. The message is libvirt's own. */
export class LibvirtError extends Error {
  override readonly name = 'LibvirtError';
  /** virErrorNumber. */
  readonly code: number;
  /** virErrorDomain: the part of libvirt that refused. */
  readonly domain: number;

  constructor(code: number, domain: number, message: string) {
    super(message);
    this.code = code;
    this.domain = domain;
  }
}

/** What came over the socket is not libvirt's protocol; the connection is of no more use. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';

  constructor(found: string) {
    super(`libvirt's socket sent ${found}`);
  }
}

/** The connection ended before the answer came: whether the call was carried out is unknown. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** No answer in time; the connection is still there. Whether the call was carried out is unknown. */
export class CallTimedOut extends Error {
  override readonly name = 'CallTimedOut';
}
