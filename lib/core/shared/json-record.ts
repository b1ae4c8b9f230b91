import { z } from "zod";

import type { Json } from "./json";

/** A JSON object that is ours already, read from where it was stored. */
export const JsonRecord = z.record(
  z.string(),
  z.custom<Json>(() => true),
);
