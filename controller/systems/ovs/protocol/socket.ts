import { connect } from 'node:net';
import type { Socket } from 'node:net';

import type { Clock } from '../../../../api/machinery/clock.ts';
import type { OvsdbAddress } from './address.ts';
import { OvsdbUnreachable } from './errors.ts';

/** Opens a stream to the server. Throws `OvsdbUnreachable` when it is refused or takes longer than `timeoutMs`. */
export function openSocket(address: OvsdbAddress, clock: Clock, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = address.type === 'unix' ? connect(address.path) : connect(address.port, address.host);
    const cancelTimeout = clock.after(timeoutMs, () => fail(new Error(`no answer within ${timeoutMs} ms`)));
    function fail(cause: Error): void {
      cancelTimeout();
      socket.destroy();
      reject(new OvsdbUnreachable(cause.message, { cause }));
    }
    socket.once('error', fail);
    socket.once('connect', () => {
      cancelTimeout();
      socket.off('error', fail);
      socket.setNoDelay(true);
      resolve(socket);
    });
  });
}
