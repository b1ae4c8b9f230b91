"use client";

import { startTransition, useActionState } from "react";

import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { Headline } from "@/lib/core/approvals/headline";
import { actText } from "@/lib/core/approvals/headline-text";
import { type FormAction, IDLE } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

type News = {
  readonly approvalId: string;
  readonly decisionId: string;
  readonly headline: Headline;
  readonly at: Date;
};

/** Tells somebody once that what they approved was rolled back since: how it ended belongs to having decided it. */
export function RegretNotice({ news, see }: { news: readonly News[]; see: FormAction }) {
  if (news.length === 0) return null;
  return (
    <Alert
      tone="warn"
      title={news.length === 1 ? "An action you approved was rolled back" : "Actions you approved were rolled back"}
    >
      <ul className="grid gap-1">
        {news.map((item) => (
          <NewsItem key={item.decisionId} item={item} see={see} />
        ))}
      </ul>
    </Alert>
  );
}

function NewsItem({ item, see }: { item: News; see: FormAction }) {
  const [state, seen, pending] = useActionState(see, IDLE);
  const note = () => {
    const form = new FormData();
    form.set("decision_id", item.decisionId);
    startTransition(() => seen(form));
  };
  if (state.status === "done") return null;
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <Link href={paths.approval(item.approvalId)} className="link" onClick={note}>
        <VisibleText text={actText(item.headline)} />
      </Link>
      <span className="text-muted">
        <Time at={item.at} />
      </span>
      <Button size="sm" onClick={note} aria-busy={pending}>
        Seen
      </Button>
    </li>
  );
}
