"use client";

import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { Section } from "@/components/ui/section";
import { Cell, Row, Table } from "@/components/ui/table";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { DeliveryItem } from "@/lib/core/notifications/schema";
import { DELIVERY_WORDS } from "@/lib/core/notifications/notice-words";
import type { FormAction } from "@/lib/core/shared/action-state";

/** The latest messages: to whom, about what, and what became of each. */
export function Deliveries({ items, retry }: { items: readonly DeliveryItem[]; retry: FormAction }) {
  return (
    <Section title="Latest messages" id="deliveries" aside={items.length > 0 && "the last 50"}>
      {items.length === 0 ? (
        <p className="border-y border-hair bg-surface px-3 py-4 text-muted">
          No message was sent yet. The first appears here when an action waits.
        </p>
      ) : (
        <Table
          label="Latest messages"
          head={[
            "To",
            "About",
            "State",
            { label: "Attempts", numeric: true },
            "Last",
            { label: "Send again", hidden: true },
          ]}
        >
          {items.map((item) => (
            <Message key={item.id} item={item} retry={retry} />
          ))}
        </Table>
      )}
    </Section>
  );
}

function Message({ item, retry }: { item: DeliveryItem; retry: FormAction }) {
  const { to, title, path, state, attempts, told, stages, last_error: error } = item;
  const bad = state === "dead" || state === "held" || error !== null;
  return (
    <Row>
      <Cell header>
        <VisibleText text={to} />
      </Cell>
      <Cell wrap>
        <Link href={path} className="link">
          <VisibleText text={title} />
        </Link>
      </Cell>
      <Cell wrap>
        <span className={bad ? "font-medium text-deny" : ""}>
          {bad && <span aria-hidden="true">■ </span>}
          {state === "pending" && error !== null ? "To be tried again" : DELIVERY_WORDS[state]}
          {stages > 1 && told < stages && state !== "digest" ? ` (${told} of ${stages} told)` : ""}
        </span>
        {error !== null && (
          <span className="block text-xs text-muted">
            <VisibleText text={error} />
            {state === "pending" && (
              <>
                , again <Time at={item.due_at} mode="clock" />
              </>
            )}
          </span>
        )}
      </Cell>
      <Cell numeric>{attempts}</Cell>
      <Cell>{item.attempted_at === null ? "not yet" : <Time at={item.attempted_at} />}</Cell>
      <Cell numeric>{(state === "dead" || state === "held") && <Retry id={item.id} about={to} retry={retry} />}</Cell>
    </Row>
  );
}

function Retry({ id, about, retry }: { id: string; about: string; retry: FormAction }) {
  const { state, pending, form } = useFormAction(retry);
  return (
    <form {...form}>
      <input type="hidden" name="delivery" value={id} />
      <Button type="submit" size="sm" aria-busy={pending} aria-label={`Send again to ${about}`}>
        Send again
      </Button>
      {state.status === "refused" && <span className="block text-xs text-deny">■ {state.message}</span>}
    </form>
  );
}
