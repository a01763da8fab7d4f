import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that the system gives to outgoing connections: a server that a test stops and starts again must find its port free. */
const FIRST = 12_000;
const LAST = 30_000;

/** A port of this machine that nobody listens at, drawn at random so that tests side by side do not meet. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") return false;
    throw error;
  }
  server.close();
  await once(server, "close");
  return true;
}
