import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { normalSerial } from './certificate-file.ts';

/** The certificate that a client has shown on its connection. */
export type ClientCertificate =
  | { readonly isTrusted: false }
  | {
      readonly isTrusted: true;
      /** The subject's CN. */
      readonly userName: string;
      /** The subject's O, of which there may be several. */
      readonly organizations: readonly string[];
      readonly expiresAtMs: number;
      /** As `normalSerial` writes it. */
      readonly serialNumber: string;
    };

const seen = new WeakMap<Socket, ClientCertificate | undefined>();

/** Undefined where the client has shown none. Trusted is what our own CA has signed for clients (RFC 5280, 4.2.1.12). */
export function clientCertificateOf(socket: Socket): ClientCertificate | undefined {
  if (seen.has(socket)) return seen.get(socket);
  const certificate = socket instanceof TLSSocket ? read(socket) : undefined;
  seen.set(socket, certificate);
  return certificate;
}

function read(socket: TLSSocket): ClientCertificate | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) return undefined;
  // `subject` of the legacy object tells fields apart that in the text form could be forged by a line feed.
  const { CN, O } = socket.getPeerCertificate().subject;
  if (!socket.authorized || typeof CN !== 'string' || CN === '') return { isTrusted: false };
  const serialNumber = normalSerial(certificate.serialNumber);
  if (serialNumber === undefined) return { isTrusted: false };
  return { isTrusted: true, userName: CN, organizations: listOf(O), expiresAtMs: certificate.validToDate.getTime(), serialNumber };
}

function listOf(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}
