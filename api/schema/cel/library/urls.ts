import { EvaluationError, type Environment } from '@marcbachmann/cel-js';

/** A parsed URL, or an absolute path, as CEL's `url` gives it. */
class UrlValue {
  readonly url: URL;
  readonly isPath: boolean;
  readonly text: string;

  constructor(url: URL, text: string, isPath: boolean) {
    this.url = url;
    this.text = text;
    this.isPath = isPath;
  }
}

/** url, isURL and the parts of a URL (k8s.io/apiserver, pkg/cel/library/urls.go). */
export function registerUrls(environment: Environment): void {
  environment.registerType('kubernetes.URL', { ctor: UrlValue });
  environment.registerFunction('isURL(string): bool', (text: string) => parseUrl(text) !== undefined);
  environment.registerFunction('url(string): kubernetes.URL', (text: string) => {
    const url = parseUrl(text);
    if (url === undefined) throw new EvaluationError(`URL parse error during conversion from string: ${JSON.stringify(text)}`);
    return url;
  });
  const part = (name: string, read: (value: UrlValue) => string): void => {
    environment.registerFunction(`kubernetes.URL.${name}(): string`, read);
  };
  part('getScheme', ({ url, isPath }) => (isPath ? '' : url.protocol.slice(0, -1)));
  part('getHost', (value) => (value.isPath ? '' : hostOf(value)));
  part('getHostname', ({ url, isPath }) => (isPath ? '' : url.hostname.replace(/^\[|\]$/g, '')));
  part('getPort', (value) => /:([0-9]+)$/.exec(value.isPath ? '' : hostOf(value))?.[1] ?? '');
  part('getEscapedPath', ({ url, text, isPath }) => (isPath || pathIsWritten(text) ? url.pathname : ''));
  environment.registerFunction('kubernetes.URL.getQuery(): map<string, list<string>>', ({ url }: UrlValue) => {
    const query = new Map<string, string[]>();
    for (const [key, value] of url.searchParams) query.set(key, [...(query.get(key) ?? []), value]);
    return query;
  });
  environment.registerOperator('kubernetes.URL == kubernetes.URL: bool', (left: UrlValue, right: UrlValue) => left.url.href === right.url.href);
}

function parseUrl(text: string): UrlValue | undefined {
  if (/[\u0000-\u001f\u007f]/.test(text)) return undefined;
  if (text.startsWith('/')) return new UrlValue(new URL(text.replace(/^\/+/, '/'), 'http://path.invalid'), text, true);
  const url = URL.parse(text);
  return url === null ? undefined : new UrlValue(url, text, false);
}

/** The host as written, a default port kept. */
function hostOf({ url, text }: UrlValue): string {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(text)?.[1] ?? url.host;
}

function pathIsWritten(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*\//i.test(text);
}
