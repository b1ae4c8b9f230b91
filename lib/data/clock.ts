import "server-only";

// The database's clock is the only one decisions depend on. A replica whose own clock is wrong learns the difference
// from every answer it gets and evaluates as of the database's time.
let offsetMs = 0;

/** Learns from a database timestamp that was read just now. */
export function observeDatabaseTime(databaseTime: Date): void {
  offsetMs = databaseTime.getTime() - Date.now();
}

/** The database's time, as well as this process knows it. */
export function databaseNow(): Date {
  return new Date(Date.now() + offsetMs);
}
