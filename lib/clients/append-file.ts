import "server-only";

import { open } from "node:fs/promises";

/** Adds a text to the end of a file and makes sure that it is on the disk. */
export async function appendToFile(path: string, text: string): Promise<void> {
  const file = await open(path, "a", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
