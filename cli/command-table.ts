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
  edit: { summary: 'change a resource in your editor', load: async () => (await import('./commands/edit.ts')).edit },
  label: { summary: 'set or take away labels', load: async () => (await import('./commands/label.ts')).label },
  annotate: { summary: 'set or take away annotations', load: async () => (await import('./commands/annotate.ts')).annotate },
  plan: { summary: 'show what would change on the host, step by step, and change nothing', load: async () => (await import('./commands/plan.ts')).plan },
  import: { summary: 'print the manifests that describe the host as it is', load: async () => (await import('./commands/import.ts')).importCommand },
  diff: { summary: 'show what applying manifests would change of the resources', load: async () => (await import('./commands/diff.ts')).diff },
  delete: { summary: 'delete resources and wait until they are gone', load: async () => (await import('./commands/delete.ts')).deleteCommand },
  wait: { summary: 'wait for a condition or for an end', load: async () => (await import('./commands/wait.ts')).wait },
  events: { summary: 'show what happened', load: async () => (await import('./commands/events.ts')).events },
  drift: { summary: 'show what was changed behind our back, and by whom', load: async () => (await import('./commands/drift.ts')).drift },
  topology: { summary: 'draw the host: uplinks, VLANs, ports, portgroups, VMs', load: async () => (await import('./commands/topology.ts')).topology },
  doctor: { summary: 'look for what would stop Bridgekeeper, and show what mends it', load: async () => (await import('./commands/doctor.ts')).doctor },
  history: { summary: 'show what was done to the host for a resource, and for whom', load: async () => (await import('./commands/history.ts')).history },
  rollback: { summary: 'give a resource the spec of an earlier revision', load: async () => (await import('./commands/rollback.ts')).rollback },
  confirm: { summary: 'keep a change of a way into the host that waits for it', load: async () => (await import('./commands/confirm.ts')).confirm },
  explain: { summary: 'explain a kind or a field', load: async () => (await import('./commands/explain.ts')).explain },
  'api-resources': { summary: 'list the kinds that the server has', load: async () => (await import('./commands/api-resources.ts')).apiResources },
  version: { summary: 'show the version of bridgectl and of the server', load: async () => (await import('./commands/version.ts')).version },
  config: { summary: 'show which server is used and why', load: async () => (await import('./commands/config.ts')).config },
  completion: { summary: 'print a completion script for the shell', load: async () => (await import('./commands/completion.ts')).completion },
};

/** What completion scripts call, and no help names. */
export const COMPLETE = '__complete';
export const COMPLETION: CommandEntry = { summary: '', load: async () => (await import('./commands/completion.ts')).completeOf(COMMANDS) };
