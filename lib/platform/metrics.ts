import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Every measurement of this process, as /metrics shows it. */
export const registry = new Registry();
collectDefaultMetrics({ register: registry });

/** Seconds, finest around the millisecond where decisions live. */
export const LATENCY_BUCKETS_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Labels<L extends string> = { readonly labelNames?: readonly L[] };

/** A count that only rises. Names follow Prometheus: `interlock_<what>_total`. */
export function counter<L extends string = never>(
  name: string,
  help: string,
  { labelNames = [] }: Labels<L> = {},
): Counter<L> {
  return new Counter({ name, help, labelNames: [...labelNames], registers: [registry] });
}

/** A value that rises and falls: `interlock_<what>`. */
export function gauge<L extends string = never>(
  name: string,
  help: string,
  { labelNames = [] }: Labels<L> = {},
): Gauge<L> {
  return new Gauge({ name, help, labelNames: [...labelNames], registers: [registry] });
}

/** A distribution, of seconds unless buckets say otherwise: `interlock_<what>_seconds`. */
export function histogram<L extends string = never>(
  name: string,
  help: string,
  { labelNames = [], buckets = LATENCY_BUCKETS_SECONDS }: Labels<L> & { readonly buckets?: readonly number[] } = {},
): Histogram<L> {
  return new Histogram({ name, help, labelNames: [...labelNames], buckets: [...buckets], registers: [registry] });
}
