import net from "node:net";

/** A port of this machine that nothing uses at the moment. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** True if a server could listen here: on loopback and, as the public port does, on every address. */
export async function isFree(port, hosts = ["127.0.0.1", undefined]) {
  for (const host of hosts) if (!(await canListen(port, host))) return false;
  return true;
}

function canListen(port, host) {
  return new Promise((resolve) => {
    const server = net.createServer().once("error", (error) => resolve(error.code !== "EADDRINUSE"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
