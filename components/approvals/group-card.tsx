"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";

import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { VisibleText } from "@/components/ui/visible-text";
import type { GroupMember, GroupView } from "@/lib/core/approvals/group";
import { counted, isLong, type Part } from "@/lib/core/approvals/part";
import { paths } from "@/lib/core/shared/paths";

import { say } from "./announcer";
import { ClippedText } from "./clipped-text";
import { useDesk } from "./desk-context";
import { beginMove } from "./move";
import { PartBodyView } from "./part-body";
import { useDeskAction } from "./use-desk-action";

type GroupCardProps = { group: GroupView; currentId: string; mayDeny: boolean };

/**
 * What is like the open action, as one card: the arguments of all beside each other, each member to open by itself, and
 * one denial for all. Approving them together is offered for a small Low group, once each has been opened.
 */
export function GroupCard({ group, currentId, mayDeny }: GroupCardProps) {
  const { askDeny } = useDesk();
  const [shown, setShown] = useState(false);
  const [opened, setOpened] = useState<readonly string[]>([]);
  const { members, more } = group;
  const ids = members.map((member) => member.id);
  return (
    // Drawn when it is opened: what is on the page before is the open action and nothing besides.
    <details onToggle={(event) => setShown(event.currentTarget.open)} className="border-b border-hair py-2">
      <summary className="min-h-8 leading-8">
        <b className="font-semibold">
          One of {members.length}
          {more ? "+" : ""} alike
        </b>{" "}
        <span className="text-muted">same agent, same rule, same shape</span>
      </summary>
      {shown && (
        <div className="grid gap-3 pt-1 pb-2">
          <CombinedTable group={group} currentId={currentId} />
          <ol aria-label="Members" className="grid divide-y divide-hair border-y border-hair">
            {members.map((member, index) => (
              <Member
                key={member.id}
                member={member}
                place={index + 1}
                current={member.id === currentId}
                onOpened={() => setOpened((before) => [...new Set([...before, member.id])])}
              />
            ))}
          </ol>
          {more && <p className="text-xs text-muted">There are more than are listed here.</p>}
          <div className="flex flex-wrap items-center gap-3">
            {mayDeny && (
              <Button variant="strong" onClick={() => askDeny(ids)}>
                Deny all {members.length}…
              </Button>
            )}
            <ApproveGroup group={group} opened={opened} />
          </div>
        </div>
      )}
    </details>
  );
}

function CombinedTable({ group: { members, combined }, currentId }: { group: GroupView; currentId: string }) {
  const { same, differs, more } = combined;
  return (
    <div className="grid gap-2">
      <p className="text-xs text-muted">
        {counted(same.length, "argument")} the same in all, {differs.length.toLocaleString("en-US")} different
        {more > 0 && `, ${more.toLocaleString("en-US")} not compared`}
      </p>
      {differs.length > 0 && (
        <div
          role="region"
          aria-label="What differs"
          tabIndex={0}
          className="max-h-72 overflow-auto border-y border-hair bg-surface"
        >
          <table aria-label="What differs" className="w-full border-collapse text-left text-sm">
            <thead className="border-b border-hair text-xs text-muted">
              <tr>
                <th scope="col" className="px-3 py-1.5 font-medium">
                  Member
                </th>
                {differs.map(({ path }) => (
                  <th key={path} scope="col" className="px-3 py-1.5 font-mono font-medium">
                    <VisibleText text={path.slice(1)} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-hair">
              {members.map((member, index) => (
                <tr key={member.id}>
                  <th scope="row" className="px-3 py-1 align-top font-medium whitespace-nowrap">
                    {index + 1}
                    {member.id === currentId && " (this)"}
                  </th>
                  {differs.map(({ path, values }) => {
                    const value = values[index] ?? null;
                    return (
                      <td key={path} className="min-w-32 px-3 py-1 align-top font-mono text-[0.96em]">
                        {value === null ? <span className="text-muted">(none)</span> : <ClippedText value={value} />}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {same.length > 0 && (
        <dl className="grid gap-x-3 sm:grid-cols-[minmax(6rem,auto)_minmax(0,1fr)]">
          {same.map(({ path, value }) => (
            <div key={path} className="contents">
              <dt className="font-mono text-[0.96em] text-muted">
                <VisibleText text={path.slice(1)} />
              </dt>
              <dd className="min-w-0 font-mono text-[0.96em] [overflow-wrap:anywhere]">
                <ClippedText value={value} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

type MemberProps = { member: GroupMember; place: number; current: boolean; onOpened: () => void };

function Member({ member, place, current, onOpened }: MemberProps) {
  const { actions } = useDesk();
  const [open, setOpen] = useState(false);
  const expand = useDeskAction(actions.expand, (detail) => {
    // What does not fit here was not seen here.
    if (detail && !detail.view.parts.some(tooLarge)) onOpened();
  });
  const toggle = () => {
    if (!open && expand.data === undefined && !expand.pending) expand.send({ approval_id: member.id });
    setOpen(!open);
  };
  const id = `member-${member.id}`;
  return (
    <li className="grid gap-2 py-1.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 break-words">
          <b className="font-semibold">{place}.</b>{" "}
          {current ? (
            <span>
              <VisibleText text={member.act} /> (this one)
            </span>
          ) : (
            <Link href={paths.approval(member.id)} onClick={beginMove} className="link">
              <VisibleText text={member.act} />
            </Link>
          )}
          {member.effect.length > 0 && <span className="text-muted"> · {member.effect.join("; ")}</span>}
        </span>
        <Button size="sm" aria-expanded={open} aria-controls={id} onClick={toggle}>
          {open ? "Close" : "Open"} {place}
        </Button>
      </div>
      <div id={id} hidden={!open} className="grid gap-3 border-l-2 border-hair pl-3">
        {expand.pending && <p className="text-muted">Reading…</p>}
        {expand.refusal !== null && <p role="alert">{expand.refusal}</p>}
        {expand.data?.view.parts.map((part) => (
          <section key={part.id} aria-label={part.title} className="grid min-w-0 gap-1">
            <p className="text-xs text-muted">
              {part.title}: {part.summary}
            </p>
            {tooLarge(part) ? (
              <p className="border-l-4 border-ask px-3">
                <b className="text-ask">Too large to look at here:</b> decide this one by itself.
              </p>
            ) : (
              <PartBodyView part={part} />
            )}
          </section>
        ))}
      </div>
    </li>
  );
}

const tooLarge = (part: Part) => part.uninspectable !== null || isLong(part);

function ApproveGroup({ group, opened }: { group: GroupView; opened: readonly string[] }) {
  const { actions, onwardHref } = useDesk();
  const router = useRouter();
  const approve = useDeskAction(actions.approveGroup, (done) => {
    say(`${counted(done?.approved ?? 0, "action")} approved, each by itself.`);
    beginMove();
    router.push(onwardHref);
    router.refresh();
  });
  if (group.approve !== null) return <p className="text-xs text-muted">{group.approve}</p>;
  const left = group.members.filter((member) => !opened.includes(member.id)).length;
  const count = group.members.length;
  const send = () =>
    approve.send({
      members: group.members.map((member) => `${member.id}:${member.displayDigest}`),
      count: String(count),
    });
  return (
    <>
      <Button
        variant="strong"
        aria-busy={approve.pending}
        onClick={send}
        disabledReason={left === 0 ? undefined : `Open ${left === count ? "each" : `${left} more`} first.`}
      >
        {approve.pending ? "Recording…" : `Approve these ${count}, once each`}
      </Button>
      {approve.refusal !== null && <span role="alert">{approve.refusal}</span>}
    </>
  );
}
