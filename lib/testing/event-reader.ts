import http from "node:http";

/** Somebody who listens to a workspace's events and comes back where they were, as a browser does. */
export type EventReader = {
  /** The ids that came, in order. */
  readonly ids: readonly string[];
  /** The payloads that came, in order. */
  readonly payloads: readonly Record<string, unknown>[];
  /** When the last of them came, by this process's clock. */
  readonly lastAt: () => number;
  /** Resolves when the stream is open for the first time. */
  readonly opened: Promise<void>;
  /** Resolves when the server ended a stream. */
  readonly ended: Promise<void>;
  stop(): void;
};

type Options = {
  readonly headers: Readonly<Record<string, string>>;
  /** The server to ask, by how often it was asked before. */
  readonly url: (attempt: number) => string;
  /** Whether to come back. */
  readonly again?: boolean;
};

/** Opens the stream and, unless told otherwise, opens it again with `Last-Event-ID` whenever it breaks. */
export function readEvents({ headers, url, again = true }: Options): EventReader {
  const ids: string[] = [];
  const payloads: Record<string, unknown>[] = [];
  let lastAt = 0;
  let lastId: string | undefined;
  let stopped = false;
  let request: http.ClientRequest | null = null;
  let attempt = 0;
  let hasOpened = () => {};
  let hasEnded = () => {};
  const opened = new Promise<void>((resolve) => (hasOpened = resolve));
  const ended = new Promise<void>((resolve) => (hasEnded = resolve));

  const take = (block: string) => {
    const id = /^id: (.+)$/m.exec(block)?.[1];
    const data = /^data: (.+)$/m.exec(block)?.[1];
    lastId = id ?? lastId; // a block without data only says where the stream begins
    if (id === undefined || data === undefined) return;
    ids.push(id);
    payloads.push(JSON.parse(data).payload);
    lastAt = performance.now();
  };
  const open = () => {
    if (stopped) return;
    const sent = { ...headers, ...(lastId !== undefined && { "last-event-id": lastId }) };
    let gone = false;
    const leave = () => {
      if (gone) return;
      gone = true;
      hasEnded();
      if (again && !stopped) setTimeout(open, 20);
    };
    request = http.get(new URL("/api/v1/events/stream", url(attempt)), { headers: sent, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        hasOpened();
        const blocks = (text + piece).split("\n\n");
        text = blocks.pop() ?? "";
        blocks.forEach(take);
      });
      response.on("close", leave);
      response.on("error", leave);
    });
    attempt += 1;
    request.on("error", leave);
  };
  open();
  return {
    ids,
    payloads,
    lastAt: () => lastAt,
    opened,
    ended,
    stop() {
      stopped = true;
      request?.destroy();
    },
  };
}
