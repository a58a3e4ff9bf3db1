/** The part of a pino logger that is used here: a fixed text with fields. */
export interface Logger {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
}

export const SILENT: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined };
