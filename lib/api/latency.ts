import { histogram } from "@/lib/platform/metrics";

/** How long answers take, whichever way they went. */
export const latency = histogram("interlock_http_seconds", "Time to answer, by route and status.", {
  labelNames: ["method", "route", "status"],
});
