import "server-only";

import type { IngestQueue } from "@/lib/data/ingest-queue";
import { endIngest } from "@/lib/data/ingest-pool";
import { pgIngestQueue } from "@/lib/data/pg-ingest-queue";
import { pgTraceStore } from "@/lib/data/pg-trace-store";
import type { TraceStore } from "@/lib/data/trace-store";

/** Where this installation keeps events. The one place that chooses. */
export const traceStore: TraceStore = pgTraceStore;

/** Where batches of this installation wait. */
export const ingestQueue: IngestQueue = pgIngestQueue;

/** Ends the connections of both, for a process that is about to end. */
export const closeStores = (): Promise<void> => endIngest();
