import { createWatchers } from "@/components/ui/watchers";

/** What a stream of live changes delivers. `stream.reopened` says: events may have been missed, look again. */
export type LiveEvent = { readonly topic: string; readonly payload: Readonly<Record<string, unknown>> };

export type LiveState = "connecting" | "live" | "reconnecting";

export const REOPENED = "stream.reopened";

const ADDRESS = "/api/v1/events/stream";
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
// A browser grants one host six connections over HTTP/1.1: a hidden tab must not keep one for long.
const HIDDEN_GRACE_MS = 30_000;

const listeners = new Set<(event: LiveEvent) => void>();
const watchers = createWatchers();

let source: EventSource | null = null;
let state: LiveState = "connecting";
let failures = 0;
let wasOpen = false;
let retryTimer: ReturnType<typeof setTimeout> | undefined;
let hideTimer: ReturnType<typeof setTimeout> | undefined;

/** Listens to the page's one stream, which exists while anyone listens. @returns how to stop */
export function listen(onEvent: (event: LiveEvent) => void): () => void {
  listeners.add(onEvent);
  if (listeners.size === 1) {
    document.addEventListener("visibilitychange", onVisibility);
    open();
  }
  return () => {
    listeners.delete(onEvent);
    if (listeners.size > 0) return;
    document.removeEventListener("visibilitychange", onVisibility);
    clearTimeout(hideTimer);
    close();
    wasOpen = false;
    become("connecting");
  };
}

/** For `useSyncExternalStore`: calls back whenever `liveState` changes. */
export const watchState = watchers.watch;

export const liveState = (): LiveState => state;

function open(): void {
  if (source !== null) return;
  clearTimeout(retryTimer);
  const opened = new EventSource(ADDRESS);
  source = opened;
  opened.onopen = () => {
    failures = 0;
    become("live");
    // A stream the browser itself resumed has lost nothing; a new one may have.
    if (wasOpen && fresh) tell({ topic: REOPENED, payload: {} });
    wasOpen = true;
    fresh = false;
  };
  opened.onmessage = (message: MessageEvent<string>) => {
    const event = parsed(message.data);
    if (event) tell(event);
  };
  opened.onerror = () => {
    become("reconnecting");
    // CONNECTING: the browser tries again by itself and says where it was. CLOSED: it was refused, and will not.
    if (opened.readyState === EventSource.CLOSED) retryLater();
  };
  let fresh = true;
}

function close(): void {
  clearTimeout(retryTimer);
  source?.close();
  source = null;
}

function retryLater(): void {
  close();
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (0.75 + Math.random() / 2);
  failures += 1;
  retryTimer = setTimeout(open, delay);
}

function onVisibility(): void {
  clearTimeout(hideTimer);
  if (document.visibilityState === "visible") open();
  else hideTimer = setTimeout(close, HIDDEN_GRACE_MS);
}

function become(next: LiveState): void {
  if (state === next) return;
  state = next;
  watchers.tell();
}

function tell(event: LiveEvent): void {
  for (const hear of listeners) hear(event);
}

function parsed(data: string): LiveEvent | null {
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== "object" || value === null) return null;
    const topic: unknown = Reflect.get(value, "topic");
    const payload: unknown = Reflect.get(value, "payload");
    if (typeof topic !== "string") return null;
    return { topic, payload: typeof payload === "object" && payload !== null ? { ...payload } : {} };
  } catch {
    return null;
  }
}
