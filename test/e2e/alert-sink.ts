// Stands for whoever listens to alerts: prints each request as a line of JSON, and answers as its path says. The first requests to
// /busy/N/… are answered 503, N of them; /moved/… sends elsewhere; all others are taken.
import { createServer, type IncomingMessage } from 'node:http';

const [port = '9000'] = process.argv.slice(2);
const refusals = new Map<string, number>();

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

function answerTo(url: string): number {
  if (url.startsWith('/moved/')) return 302;
  const busy = Number(/^\/busy\/(\d+)/.exec(url)?.[1] ?? 0);
  const refused = refusals.get(url) ?? 0;
  if (refused >= busy) return 200;
  refusals.set(url, refused + 1);
  return 503;
}

createServer((request, response) => {
  void bodyOf(request).then((body) => {
    const { url = '', headers } = request;
    const status = answerTo(url);
    process.stdout.write(`${JSON.stringify({ url, status, headers, body })}\n`);
    response.writeHead(status, status === 302 ? { location: '/elsewhere' } : {}).end();
  });
}).listen(Number(port), '127.0.0.1', () => process.stdout.write('listening\n'));
