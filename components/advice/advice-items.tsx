import { Chip } from "@/components/ui/chip";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { VisibleText } from "@/components/ui/visible-text";
import type { ShownAdvice } from "@/lib/core/advice/schema";
import { ADVICE_NAMES } from "@/lib/core/advice/words";
import { usdText } from "@/lib/core/charts/units";
import type { FormAction } from "@/lib/core/shared/action-state";

import { DismissButton } from "./dismiss-button";

type AdviceItemsProps = {
  items: readonly ShownAdvice[];
  dismiss: FormAction;
  disabledReason?: string | undefined;
};

/** Advice that is open, what is worth most first. */
export function AdviceItems({ items, dismiss, disabledReason }: AdviceItemsProps) {
  return (
    <ol className="divide-y divide-hair border-y border-hair bg-surface">
      {items.map((item) => (
        <li key={item.id} id={item.id}>
          <Item item={item} dismiss={dismiss} disabledReason={disabledReason} />
        </li>
      ))}
    </ol>
  );
}

type ItemProps = { item: ShownAdvice; dismiss: FormAction; disabledReason: string | undefined };

function Item({ item, dismiss, disabledReason }: ItemProps) {
  const { facts, month_picos: picos, dismissal } = item;
  return (
    <article
      aria-labelledby={`${item.id}-what`}
      className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-3 px-4 py-4 md:grid-cols-[9rem_minmax(0,1fr)_auto]"
    >
      {picos === null ? (
        <p className="text-muted">Money not known</p>
      ) : (
        <p>
          <span className="block text-lg font-semibold tabular-nums">{usdText(BigInt(picos))}</span>
          <span className="text-xs text-muted">a month</span>
        </p>
      )}
      <div className="grid min-w-0 content-start gap-3">
        <div className="grid gap-1">
          <p className="flex flex-wrap gap-x-2 text-xs text-muted">
            {ADVICE_NAMES[facts.kind]}
            {item.state === "returned" && <Chip>back</Chip>}
          </p>
          <h3 id={`${item.id}-what`} className="max-w-[80ch] text-base font-semibold break-words">
            <VisibleText text={item.what} />
          </h3>
        </div>
        <dl className="grid max-w-[90ch] gap-x-4 gap-y-2 sm:grid-cols-[6rem_minmax(0,1fr)]">
          <Fact name="Change" text={item.change} />
          <Fact name="Money" text={item.money} />
          <Fact name="How sure" text={item.sure} />
          {dismissal !== null && (
            <>
              <dt className="text-muted">Dismissed</dt>
              <dd className="break-words">
                By <VisibleText text={dismissal.by} />, <Time at={dismissal.at} />:{" "}
                <VisibleText text={dismissal.reason} />.{" "}
                {dismissal.month_picos === null || picos === null
                  ? `Back because it has happened at least twice as often since; it was ${dismissal.n.toLocaleString("en")} times then.`
                  : `Back because it costs at least twice as much; it was ${usdText(BigInt(dismissal.month_picos))} a month then.`}
              </dd>
            </>
          )}
        </dl>
      </div>
      <div className="flex flex-wrap items-start gap-2 md:flex-col md:items-end">
        <Link href={item.runs_href} className="link inline-flex min-h-8 items-center pointer-coarse:min-h-11">
          Runs behind it<span className="sr-only">: {item.what}</span>
        </Link>
        <DismissButton
          id={item.id}
          what={item.what}
          returnsWhen={picos === null ? "it happens twice as often" : "it costs twice as much"}
          action={dismiss}
          disabledReason={disabledReason}
        />
      </div>
    </article>
  );
}

function Fact({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt className="text-muted max-sm:-mb-1.5">{name}</dt>
      <dd className="break-words">
        <VisibleText text={text} />
      </dd>
    </>
  );
}
