// Preloaded into every server process: ends it when the launcher is gone, even by kill -9, so that nothing stale keeps a
// port or a job. The launcher holds the other end of descriptor 3 and never writes; the system closes it for us.
import net from "node:net";

const GRACE_MS = 10_000;

if (process.env.INTERLOCK_GUARD === "3") {
  delete process.env.INTERLOCK_GUARD; // workers and children of this process do not have the descriptor
  const launcher = new net.Socket({ fd: 3 });
  launcher.on("error", () => {});
  launcher.on("close", () => {
    process.kill(process.pid, "SIGTERM");
    setTimeout(() => process.exit(1), GRACE_MS).unref();
  });
  launcher.resume();
  launcher.unref();
}
