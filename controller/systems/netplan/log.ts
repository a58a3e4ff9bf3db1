/** What this system needs of a logger; pino's fits. A fixed text with fields. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, text: string): void;
  warn(fields: Readonly<Record<string, unknown>>, text: string): void;
}

export const silentLog: Log = { info: () => {}, warn: () => {} };
