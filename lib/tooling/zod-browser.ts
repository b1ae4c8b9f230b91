import { config } from "zod/v4";

// What `zod` means in the pages' scripts (next.config.js). By itself Zod tries whether it may make functions from text;
// our content policy forbids that, and the browser would report the attempt on every page.
config({ jitless: true });

export * from "zod/v4";
