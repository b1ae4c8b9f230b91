import { z } from "zod";

import { Headline } from "@/lib/core/approvals/headline";
import { actText } from "@/lib/core/approvals/headline-text";
import { Band } from "@/lib/core/decisions/schema";

/** Where the palette can lead besides pages. */
export type Places = {
  readonly actions: readonly {
    readonly id: string;
    readonly text: string;
    readonly agent: string;
    readonly band: Band;
  }[];
  readonly agents: readonly string[];
};

/** An action that waits, as it is stored. */
export const WaitingPlace = z.object({ id: z.uuid(), headline: Headline, agent: z.string(), band: Band });
export type WaitingPlace = z.infer<typeof WaitingPlace>;

/** An action's line in the palette. The count of a critical one is what its reviewer types, so it stays out here too. */
export function placeOf({ id, headline, agent, band }: WaitingPlace): Places["actions"][number] {
  return { id, text: actText(headline, { hideCount: band === "critical" }), agent, band };
}
