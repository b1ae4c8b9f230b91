import { z } from "zod";

import { optionalNote } from "@/lib/core/shared/note";
import { ApprovalId } from "@/lib/core/shared/brand";
import { canonicalJson } from "@/lib/core/shared/canonical-json";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "@/lib/core/shared/json";

import { MOST_APPROVED_TOGETHER, MOST_DENIED_TOGETHER } from "./grouped";
import { type Clipped, clip } from "./part";
import { eachLeaf, pointerToken, valueText } from "./value-text";

/** The paths of a call's arguments, items of a list alike: what a call looks like, whatever it says. */
export function shapeOf(args: JsonObject): readonly string[] {
  const paths = new Set<string>();
  const visit = (value: Json, path: string) => {
    if (isJsonArray(value)) {
      paths.add(`${path}/*`);
      for (const item of value) visit(item, `${path}/*`);
    } else if (isJsonObject(value)) {
      for (const [key, member] of Object.entries(value)) visit(member, `${path}/${pointerToken(key)}`);
    } else {
      paths.add(path);
    }
  };
  visit(args, "");
  return [...paths].toSorted();
}

/** What says that two requests are alike. `args` is null where they are too large to compare: such a request stands alone. */
export type Alike = {
  readonly id: string;
  readonly agentId: string;
  readonly tool: string;
  readonly manifestVersion: number;
  readonly rule: string | null;
  readonly args: JsonObject | null;
};

/** Equal for requests of the same agent, stopped by the same rule of the same manifest, with the same shape. */
export function groupKey(item: Alike): string {
  if (item.args === null) return item.id;
  return canonicalJson([item.agentId, item.manifestVersion, item.rule, item.tool, [...shapeOf(item.args)]]);
}

/** The combined arguments of a group: what is the same in all, and what each has of its own. */
export type Combined = {
  readonly same: readonly { readonly path: string; readonly value: Clipped }[];
  /** One value a member, in the members' order; null where a member has no such argument. */
  readonly differs: readonly { readonly path: string; readonly values: readonly (Clipped | null)[] }[];
  /** Paths besides those listed. */
  readonly more: number;
};

const MOST_PATHS = 40;
const VALUE_CHARS = 160;

/** Lays the arguments of a group's members beside each other. */
export function combineArgs(members: readonly JsonObject[]): Combined {
  const leaves = members.map((args) => {
    const values = new Map<string, Json>();
    eachLeaf(args, (path, leaf) => values.set(path, leaf));
    return values;
  });
  const paths = [...new Set(leaves.flatMap((values) => [...values.keys()]))];
  const shown = paths.slice(0, MOST_PATHS);
  const text = (value: Json | undefined) => (value === undefined ? null : clip(valueText(value), VALUE_CHARS));
  const isSame = (path: string) => {
    const texts = leaves.map((values) => (values.has(path) ? canonicalJson(values.get(path) ?? null) : ""));
    return texts.every((one) => one === texts[0]);
  };
  const same: { path: string; value: Clipped }[] = [];
  const differs: { path: string; values: (Clipped | null)[] }[] = [];
  for (const path of shown) {
    const value = text(leaves[0]?.get(path));
    if (isSame(path) && value !== null) same.push({ path, value });
    else differs.push({ path, values: leaves.map((values) => text(values.get(path))) });
  }
  return { same, differs, more: paths.length - shown.length };
}

/** One member of a group, as its card lists it. */
export type GroupMember = {
  readonly id: string;
  readonly displayDigest: string;
  readonly actionDigest: string;
  readonly act: string;
  readonly expiresAt: Date;
  /** "3 rows: 3 removed": what its dry run says, part by part. */
  readonly effect: readonly string[];
};

/** What collapses with the action that is open, itself included. */
export type GroupView = {
  readonly members: readonly GroupMember[];
  /** Whether there are more than are listed. */
  readonly more: boolean;
  readonly combined: Combined;
  /** Why they cannot be approved together; null when they can. */
  readonly approve: string | null;
};

const DenialList = z.array(ApprovalId).min(1).max(MOST_DENIED_TOGETHER);

/** Denies each of these by itself, with one reason for all. */
export const DenyTogetherInput = z.strictObject({
  approval_ids: DenialList.refine((ids) => new Set(ids).size === ids.length, "names an action twice"),
  note: optionalNote(2_000),
});
export type DenyTogetherInput = z.infer<typeof DenyTogetherInput>;

/** Approves a whole group of Low actions: each named with the digest of what was shown, and how many there are. */
export const ApproveGroupInput = z.strictObject({
  approvals: z
    .array(z.strictObject({ approval_id: ApprovalId, display_digest: z.string().max(200) }))
    .min(1)
    .max(200),
  count: z.int().min(1),
});
export type ApproveGroupInput = z.infer<typeof ApproveGroupInput>;

/** The same as the desk's form sends it: `id:digest` once for each member. */
export const ApproveGroupForm = z
  .strictObject({ members: z.array(z.string().max(300)).min(1).max(200), count: z.coerce.number().int().min(1) })
  .transform(({ members, count }) => ({
    approvals: members.map((member) => {
      const [approval_id = "", display_digest = ""] = member.split(":");
      return { approval_id, display_digest };
    }),
    count,
  }))
  .pipe(ApproveGroupInput);

export type GroupFault =
  | "group_too_large"
  | "stale_count"
  | "band_too_high"
  | "not_one_group"
  | "stale_view"
  | "not_expanded";

/**
 * May this group be approved at once? Only when it is whole, Low, small, and every member was shown as it is.
 *
 * @param members all that wait in the group now, read under their locks
 */
export function groupFault(
  input: ApproveGroupInput,
  members: readonly { readonly id: string; readonly band: string; readonly displayDigest: string }[],
  expanded: ReadonlySet<string> | null,
): GroupFault | null {
  const sent = new Map(input.approvals.map((one) => [String(one.approval_id), one.display_digest]));
  if (input.approvals.length > MOST_APPROVED_TOGETHER) return "group_too_large";
  if (sent.size !== input.approvals.length || input.count !== input.approvals.length) return "stale_count";
  const known = new Map(members.map((member) => [member.id, member]));
  if ([...sent.keys()].some((id) => !known.has(id))) return "not_one_group";
  if (members.some((member) => member.band !== "low")) return "band_too_high";
  if (members.length > MOST_APPROVED_TOGETHER) return "group_too_large";
  if (members.length !== input.count) return "stale_count";
  if (members.some((member) => sent.get(member.id) !== member.displayDigest)) return "stale_view";
  if (expanded !== null && members.some((member) => !expanded.has(member.id))) return "not_expanded";
  return null;
}

export const GROUP_FAULTS: Record<GroupFault, string> = {
  group_too_large: `At most ${MOST_APPROVED_TOGETHER} actions are approved together. Decide these one by one.`,
  stale_count: "The group is not what you were shown any more: its number of actions has changed. Look again.",
  band_too_high: "Only Low actions are approved together. Decide these one by one.",
  not_one_group: "These are not all of one group that still waits. Look again.",
  stale_view: "One of these is not what you were shown. Look again.",
  not_expanded: "Open each action of the group first.",
};
