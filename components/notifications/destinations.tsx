"use client";

import { ConfirmButton } from "@/components/settings/confirm-button";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Chip } from "@/components/ui/chip";
import { EmptyState } from "@/components/ui/empty-state";
import { Section } from "@/components/ui/section";
import { Time } from "@/components/ui/time";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import type { DestinationItem } from "@/lib/core/notifications/schema";
import { EVENT_WORDS } from "@/lib/core/notifications/notice-words";
import type { FormAction } from "@/lib/core/shared/action-state";

import { AddDestination, type AddDestinationProps } from "./add-destination";
import { Secret } from "./secret";

type DestinationsProps = {
  items: readonly DestinationItem[];
  heldSince: Date | null;
  test: FormAction<{ readonly ok: boolean; readonly answer: string }>;
  rotate: FormAction<{ readonly secret: string }>;
  change: FormAction;
  remove: FormAction;
  release: FormAction;
} & AddDestinationProps;

const KINDS = { webhook: "Webhook", slack: "Slack", email: "E-mail" } as const;

/** Everywhere outside that is told of this workspace. */
export function Destinations({ items, heldSince, release, add, agents, mail, ...actions }: DestinationsProps) {
  return (
    <Section title="Destinations" id="destinations" aside={items.length > 0 && `${items.length} in all`}>
      {heldSince !== null && <Held since={heldSince} release={release} />}
      {items.length === 0 ? (
        <EmptyState title="Nobody outside is told">
          <p>
            A destination gets one message for each action that waits, and the same message is changed when it is
            decided. Add the channel your reviewers read, a mailbox, or an address of your own that verifies our
            signature.
          </p>
          <p>No argument’s value leaves this server: only what is done, to what, how risky, by when, and a link.</p>
        </EmptyState>
      ) : (
        <ul className="divide-y divide-hair border-y border-hair bg-surface">
          {items.map((item) => (
            <Destination key={item.id} item={item} {...actions} />
          ))}
        </ul>
      )}
      <AddDestination add={add} agents={agents} mail={mail} />
    </Section>
  );
}

type RowProps = Pick<DestinationsProps, "test" | "rotate" | "change" | "remove"> & { item: DestinationItem };

function Destination({ item, test, rotate, change, remove }: RowProps) {
  const { id, kind, name, address, agent, events, least_band, state, before_until } = item;
  return (
    <li className="grid gap-2 px-3 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="font-semibold">
          <VisibleText text={name} />
        </h3>
        <Chip>{KINDS[kind]}</Chip>
        {state === "off" && <Chip tone="warn">Off</Chip>}
        {state === "failing" && <Chip tone="warn">Switched off</Chip>}
        <span className="min-w-0 text-muted break-all">
          <VisibleText text={address} />
        </span>
      </div>
      {state === "failing" && (
        <p className="text-ask">
          ▲ It failed {item.failures} times in a row and is told nothing. Put it right, send a test, then switch it on.
        </p>
      )}
      <p className="text-xs text-muted">
        {events.map((event) => EVENT_WORDS[event].name).join(" · ")} · from {least_band} risk
        {agent !== null && ` · only ${agent}`}
        {before_until !== null && (
          <>
            {" "}
            · the secret before the last signs until <Time at={before_until} mode="date" />
          </>
        )}
      </p>
      <div className="flex flex-wrap items-start gap-2">
        <TestButton id={id} name={name} test={test} />
        {kind === "webhook" && <RotateButton id={id} name={name} rotate={rotate} />}
        <SwitchButton id={id} name={name} on={state !== "on"} change={change} />
        <ConfirmButton
          label="Remove…"
          about={name}
          title={`Remove ${name}`}
          confirm="Remove"
          action={remove}
          fields={{ destination: id }}
        >
          It is told nothing any more and its secrets are forgotten. What was delivered stays in the list.
        </ConfirmButton>
      </div>
    </li>
  );
}

function TestButton({ id, name, test }: { id: string; name: string; test: DestinationsProps["test"] }) {
  const { state, pending, form } = useFormAction(test);
  const answer = state.status === "done" ? state.data : undefined;
  return (
    <form {...form} className="flex flex-wrap items-center gap-2">
      <input type="hidden" name="destination" value={id} />
      <Button type="submit" size="sm" aria-busy={pending} aria-label={`Send a test to ${name}`}>
        {pending ? "Sending…" : "Send a test"}
      </Button>
      <span role="status" className={`text-xs ${answer && !answer.ok ? "font-medium text-deny" : "text-muted"}`}>
        {answer && (answer.ok ? answer.answer : `■ Not delivered: ${answer.answer}.`)}
        {state.status === "refused" && state.message}
      </span>
    </form>
  );
}

function RotateButton({ id, name, rotate }: { id: string; name: string; rotate: DestinationsProps["rotate"] }) {
  const { state, pending, form } = useFormAction(rotate);
  return (
    <form {...form} className="grid gap-2">
      <input type="hidden" name="destination" value={id} />
      <div>
        <Button type="submit" size="sm" aria-busy={pending} aria-label={`New secret for ${name}`}>
          New secret
        </Button>
      </div>
      {state.status === "done" && state.data && <Secret secret={state.data.secret} overlap />}
    </form>
  );
}

function SwitchButton({ id, name, on, change }: { id: string; name: string; on: boolean; change: FormAction }) {
  const { pending, form } = useFormAction(change);
  return (
    <form {...form}>
      <input type="hidden" name="destination" value={id} />
      <input type="hidden" name="on" value={on ? "on" : "off"} />
      <Button type="submit" size="sm" aria-busy={pending} aria-label={`Switch ${name} ${on ? "on" : "off"}`}>
        {on ? "Switch on" : "Switch off"}
      </Button>
    </form>
  );
}

function Held({ since, release }: { since: Date; release: FormAction }) {
  const { state, pending, form } = useFormAction(release);
  return (
    <Alert tone="warn" title="Nothing is sent: the database is a restored copy">
      <p className="text-muted">
        Since <Time at={since} mode="date" />. What it says is to be sent may have been sent before the copy was made.
        Going on sends only what happens from now on; the rest stays below, to be sent by hand.
      </p>
      <form {...form} className="mt-2 grid gap-2">
        {state.status === "refused" && <p className="text-deny">■ {state.message}</p>}
        <div>
          <Button type="submit" size="sm" aria-busy={pending}>
            Send again from now on
          </Button>
        </div>
      </form>
    </Alert>
  );
}
