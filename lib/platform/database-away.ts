/** Prisma's words for: not reached, timed out, no connection free, transaction could not start or was ended. */
const PRISMA = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028", "P2034"]);
/** Postgres' classes for: connection trouble, no resources, ended by an operator, too slow in a transaction, lock or statement timeout, deadlock. */
const POSTGRES = /^(08|53|57|25P03|55P03|40P01|40001)/;
/** Prisma names Postgres' code of a raw query in its message only. */
const RAW = /Raw query failed\. Code: `(\w{5})`/;
const SOCKET = /^(ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH)/;
/** What has no code: pg's own words for a connection that did not come or broke, and those of Prisma's adapter. */
const WORDS =
  /timeout exceeded when trying to connect|^timeout expired$|Query read timeout|is not queryable|Connection terminated|DatabaseNotReachable|SocketTimeout|TooManyConnections/;
const MAX_DEPTH = 5;

/** Whether an error says that the database was not there in time: worth another try, unlike a mistake of ours. */
export function isDatabaseAway(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < MAX_DEPTH && typeof current === "object" && current !== null; depth += 1) {
    const code = "code" in current ? String(current.code) : "";
    const message = "message" in current ? String(current.message) : "";
    const raw = RAW.exec(message)?.[1] ?? "";
    if (PRISMA.has(code) || POSTGRES.test(code) || POSTGRES.test(raw) || SOCKET.test(code) || WORDS.test(message))
      return true;
    current = "cause" in current ? current.cause : undefined;
  }
  return false;
}
