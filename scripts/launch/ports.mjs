import net from "node:net";
import { Failure } from "./failure.mjs";

// Ports from 32768 up are handed out to outgoing connections, so a server's port there can be taken at any moment.
export const PORT_LIMIT = 32768;
const LOWEST_PORT = 20000;

/**
 * Whether a server could listen there now.
 * @param {number} port
 * @param {string} [host]
 * @returns {Promise<boolean>}
 */
export function isFree(port, host = "127.0.0.1") {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/**
 * The first free port, counting up from `first` and round again below the range of outgoing connections.
 * Another program may still take it before we do: the caller tries again.
 * @param {number} [first] random when absent, so that processes that start together rarely meet
 */
export async function findFreePort(first = LOWEST_PORT + Math.floor(Math.random() * (PORT_LIMIT - LOWEST_PORT))) {
  for (let step = 0; step < PORT_LIMIT - LOWEST_PORT; step++) {
    const port = LOWEST_PORT + ((first - LOWEST_PORT + step) % (PORT_LIMIT - LOWEST_PORT));
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port between ${LOWEST_PORT} and ${PORT_LIMIT}`);
}

/**
 * Says so before any work is done, when an address that people use is not ours to have.
 * @param {{ port: number, simulatorPort: number, host: string }} settings
 */
export async function refuseTakenPorts({ port, simulatorPort, host }) {
  for (const [name, number, at] of /** @type {const} */ ([
    ["PORT", port, host],
    ["SIMULATOR_PORT", simulatorPort, "127.0.0.1"],
  ])) {
    if (!(await isFree(number, at))) {
      throw new Failure(
        `port ${number} is used by another program: stop it, or choose another one, such as ${name}=${number + 10} npm start`,
      );
    }
  }
}
