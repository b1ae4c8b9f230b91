import { z } from "zod";

import { RepriceInput } from "@/lib/core/costs/reprice";
import { PriceOverrideInput } from "@/lib/core/costs/schema";
import { PriceAnswer, PriceLookup, RemovePriceOverrideInput, ShownPrices } from "@/lib/core/costs/shown";
import { listPrices } from "@/lib/services/prices/list-prices";
import { lookUpPrice } from "@/lib/services/prices/look-up-price";
import { removePriceOverride } from "@/lib/services/prices/remove-price-override";
import { startRepricing } from "@/lib/services/prices/start-repricing";
import { setPriceOverride } from "@/lib/services/prices/set-price-override";

import { created, ok, operation } from "./declare";

export const priceOperations = [
  operation({
    method: "get",
    path: "/api/v1/prices",
    summary: "List the workspace's own prices, the share of tokens with a known cost, and the models without a price",
    tag: "traces",
    as: "member",
    answers: { 200: { description: "Prices in force, earlier ones, and the last 30 days.", schema: ShownPrices } },
    run: async (ctx) => ok(await listPrices(ctx)),
  }),
  operation({
    method: "get",
    path: "/api/v1/prices/lookup",
    summary: "Say what a model costs now, or why it has no price",
    tag: "traces",
    as: "member",
    query: PriceLookup,
    answers: { 200: { description: "The rates and where they are from, or the reason.", schema: PriceAnswer } },
    run: async (ctx, { query }) => ok(await lookUpPrice(ctx, query)),
  }),
  operation({
    method: "post",
    path: "/api/v1/prices",
    summary: "Set a price of the workspace's own for a model or a pattern of models",
    tag: "traces",
    as: "member",
    body: PriceOverrideInput,
    answers: {
      201: {
        description: "Set, for calls that arrive from now on. It replaces one for the same names, tier and beginning.",
        schema: z.object({ id: z.uuid() }),
      },
    },
    run: async (ctx, { body }) => created(await setPriceOverride(ctx, body)),
  }),
  operation({
    method: "post",
    path: "/api/v1/prices/reprice",
    summary: "Price stored calls of a range again by the prices in force",
    tag: "traces",
    as: "member",
    body: RepriceInput,
    answers: {
      202: {
        description:
          "Begun. A job appends the new prices and moves what was counted by the difference; `GET /api/v1/prices` says how far it is. " +
          "Events and the ledger stay as they are, and a call never loses a price.",
        schema: z.object({ repricing_id: z.uuid() }),
      },
    },
    run: async (ctx, { body }) => ({ status: 202, body: await startRepricing(ctx, body) }),
  }),
  operation({
    method: "delete",
    path: "/api/v1/prices/{id}",
    summary: "Remove a price of the workspace's own; calls that were priced by it keep their price",
    tag: "traces",
    as: "member",
    params: RemovePriceOverrideInput,
    answers: { 200: { description: "Removed.", schema: z.object({ removed: z.literal(true) }) } },
    run: async (ctx, { params }) => {
      await removePriceOverride(ctx, params);
      return ok({ removed: true });
    },
  }),
];
