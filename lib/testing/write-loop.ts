// A process that writes what waits, as the jobs do, until it is killed. Started by tests.
import { writeWaiting } from "@/lib/services/traces/write-waiting";

process.stdout.write("writing\n");
for (;;) {
  await writeWaiting(AbortSignal.timeout(60_000)).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 20));
}
