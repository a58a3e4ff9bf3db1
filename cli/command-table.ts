import type { Command } from './command.ts';

export interface CommandEntry {
  readonly summary: string;
  /** Loads the command's code only when it is needed, so that the others cost nothing at the start. */
  load(): Promise<Command>;
}

/** All commands, in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  apply: { summary: 'make the server\'s resources as the manifests say', load: async () => (await import('./commands/apply.ts')).apply },
  get: { summary: 'show resources, or follow them with -w', load: async () => (await import('./commands/get.ts')).get },
  describe: { summary: 'show one resource in full, with its events', load: async () => (await import('./commands/describe.ts')).describe },
  plan: { summary: 'show what would change on the host, step by step, and change nothing', load: async () => (await import('./commands/plan.ts')).plan },
  import: { summary: 'print the manifests that describe the host as it is', load: async () => (await import('./commands/import.ts')).importCommand },
  delete: { summary: 'delete resources and wait until they are gone', load: async () => (await import('./commands/delete.ts')).deleteCommand },
  wait: { summary: 'wait for a condition or for an end', load: async () => (await import('./commands/wait.ts')).wait },
  events: { summary: 'show what happened', load: async () => (await import('./commands/events.ts')).events },
  history: { summary: 'show what was done to the host for a resource, and for whom', load: async () => (await import('./commands/history.ts')).history },
  rollback: { summary: 'give a resource the spec of an earlier revision', load: async () => (await import('./commands/rollback.ts')).rollback },
  'api-resources': { summary: 'list the kinds that the server has', load: async () => (await import('./commands/api-resources.ts')).apiResources },
  version: { summary: 'show the version of bridgectl and of the server', load: async () => (await import('./commands/version.ts')).version },
  config: { summary: 'show which server is used and why', load: async () => (await import('./commands/config.ts')).config },
  completion: { summary: 'print a completion script for the shell', load: async () => (await import('./commands/completion.ts')).completionOf(COMMANDS) },
};
