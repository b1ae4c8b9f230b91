import { z } from "zod";

import { SaveViewInput, SpendView, ViewChange, ViewRef } from "@/lib/core/figures/views";
import { changeView } from "@/lib/services/figures/change-view";
import { listViews } from "@/lib/services/figures/list-views";
import { removeView } from "@/lib/services/figures/remove-view";
import { saveView } from "@/lib/services/figures/save-view";

import { created, ok, operation } from "./declare";

export const viewOperations = [
  operation({
    method: "get",
    path: "/api/v1/views",
    summary: "List your saved views of spend and those shared with the workspace",
    tag: "metrics",
    as: "session",
    answers: { 200: { description: "The views.", schema: z.object({ views: z.array(SpendView) }) } },
    run: async (ctx) => ok({ views: await listViews(ctx) }),
  }),
  operation({
    method: "post",
    path: "/api/v1/views",
    summary: "Save a view of spend under a name",
    tag: "metrics",
    as: "member",
    body: SaveViewInput,
    answers: {
      201: { description: "Saved. It replaces one of yours with the same name.", schema: z.object({ id: z.uuid() }) },
    },
    run: async (ctx, { body }) => created(await saveView(ctx, body)),
  }),
  operation({
    method: "patch",
    path: "/api/v1/views/{id}",
    summary: "Rename a view of yours, share it with the workspace or take it back",
    tag: "metrics",
    as: "member",
    params: ViewRef,
    body: ViewChange,
    answers: { 200: { description: "Changed.", schema: z.object({ changed: z.literal(true) }) } },
    run: async (ctx, { params, body }) => {
      await changeView(ctx, { ...params, ...body });
      return ok({ changed: true });
    },
  }),
  operation({
    method: "delete",
    path: "/api/v1/views/{id}",
    summary: "Remove a view of yours, or as an administrator one that is shared",
    tag: "metrics",
    as: "member",
    params: ViewRef,
    answers: { 200: { description: "Removed.", schema: z.object({ removed: z.literal(true) }) } },
    run: async (ctx, { params }) => {
      await removeView(ctx, params);
      return ok({ removed: true });
    },
  }),
];
