/** Something went wrong that a person can read: each line is printed after `error: `. Exit code 1. */
export class CommandError extends Error {
  readonly lines: readonly string[];

  constructor(lines: string | readonly string[], options?: ErrorOptions) {
    const all = typeof lines === 'string' ? [lines] : lines;
    super(all.join('; '), options);
    this.name = 'CommandError';
    this.lines = all;
  }
}

/** The server does not believe who we are: no further request will do better. */
export class LoginError extends CommandError {}

/** The command line itself is wrong. Exit code 2. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** Every line was printed already; only the exit code 1 is left to give. */
export class AlreadyReported extends Error {
  constructor() {
    super('already reported');
    this.name = 'AlreadyReported';
  }
}

/** A command that compares has found what differs, and printed it: exit code 1, by which a script tells it from 0. */
export class FoundDifferences extends Error {
  constructor() {
    super('found differences');
    this.name = 'FoundDifferences';
  }
}
