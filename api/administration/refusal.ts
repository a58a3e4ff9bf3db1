/** A command can't be carried out; the message says why and what would mend it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}

/** A command was not called as it must be. */
export class CommandUsageError extends Error {
  override readonly name = 'CommandUsageError';
}
