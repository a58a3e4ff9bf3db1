/** One option of a command. */
export interface Option {
  readonly type: 'text' | 'switch';
  readonly short?: string;
  /** What stands for the value in the help: `FILE`. */
  readonly value?: string;
  /** What it is when not given, for the help. */
  readonly otherwise?: string;
  readonly help: string;
}

export type OptionTable = Readonly<Record<string, Option>>;

/** Taken by every command. */
export const GLOBAL_OPTIONS: OptionTable = {
  kubeconfig: { type: 'text', value: 'FILE', help: 'how to reach the server; else $KUBECONFIG, ~/.kube/config, the daemon\'s own' },
  context: { type: 'text', value: 'NAME', help: 'the context of the kubeconfig to use' },
  server: { type: 'text', short: 's', value: 'URL', help: 'another server address' },
  token: { type: 'text', value: 'TOKEN', help: 'another bearer token' },
  'certificate-authority': { type: 'text', value: 'FILE', help: 'trust the server certificates of this authority' },
  'insecure-skip-tls-verify': { type: 'switch', help: 'do not check the server\'s certificate (unsafe)' },
  'request-timeout': { type: 'text', value: 'TIME', otherwise: '60s', help: 'give up on one request after this long; 0 is never' },
  namespace: { type: 'text', short: 'n', value: 'NAME', help: 'for kinds that live in a namespace' },
  help: { type: 'switch', short: 'h', help: 'show this' },
};
