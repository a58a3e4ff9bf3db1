/** One thing that was looked at. */
export interface HealthCheck {
  readonly name: string;
  readonly result: 'Passed' | 'Warning' | 'Failed';
  readonly message: string;
  /** The line that mends it. */
  readonly remedy?: string;
}

export function passed(name: string, message: string): HealthCheck {
  return { name, result: 'Passed', message };
}

/** Bridgekeeper works, but something is not as it could be. */
export function warning(name: string, message: string, remedy?: string): HealthCheck {
  return { name, result: 'Warning', message, ...(remedy === undefined ? {} : { remedy }) };
}

/** Something does not work until it is mended. */
export function failed(name: string, message: string, remedy?: string): HealthCheck {
  return { name, result: 'Failed', message, ...(remedy === undefined ? {} : { remedy }) };
}
