import { createServer } from 'node:net';
import { ServiceError } from './service-error';

export const LOOPBACK = '127.0.0.1';

/** True when nobody listens on this port of the loopback address. */
export async function isFree(port: number): Promise<boolean> {
  return (await listenOnce(port)) !== null;
}

/** A port that the operating system says is free; `preferred` when that one is. */
export async function freePort(preferred?: number): Promise<number> {
  const port = (preferred === undefined ? null : await listenOnce(preferred)) ?? (await listenOnce(0));
  if (port === null) throw new ServiceError(`Expected a free port on ${LOOPBACK}, got none; close some programs and try again`);
  return port;
}

/** The configured port when it is free, and a ServiceError that names the variable when not; else the last used or any free one. */
export async function choosePort(choice: { variable: string; configured?: number; last?: number }): Promise<number> {
  if (choice.configured === undefined) return await freePort(choice.last);
  if (await isFree(choice.configured)) return choice.configured;
  throw new ServiceError(`Expected port ${choice.configured} to be free (${choice.variable}), got one in use; stop what listens there, name another port or unset ${choice.variable}`);
}

async function listenOnce(port: number): Promise<number | null> {
  return await new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : null));
    });
  });
}
