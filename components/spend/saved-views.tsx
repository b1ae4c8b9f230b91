"use client";

import { ConfirmButton } from "@/components/settings/confirm-button";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Link } from "@/components/ui/link";
import { TextInput } from "@/components/ui/text-input";
import { useFormAction } from "@/components/ui/use-form-action";
import { VisibleText } from "@/components/ui/visible-text";
import { isSameQuery, QUERY_PREFIX } from "@/lib/core/figures/view-address";
import type { SpendView, ViewQuery } from "@/lib/core/figures/views";
import type { FormAction } from "@/lib/core/shared/action-state";
import { paths } from "@/lib/core/shared/paths";

import { EditView } from "./edit-view";
import { ShareBox } from "./share-box";

type SavedViewsProps = {
  views: readonly SpendView[];
  /** The address of the page as it is. */
  query: ViewQuery;
  mayRemoveShared: boolean;
  save: FormAction;
  change: FormAction;
  remove: FormAction;
};

/** A person's views of the page and those shared with the workspace, with what saves the present one. */
export function SavedViews({ views, query, mayRemoveShared, save, change, remove }: SavedViewsProps) {
  const current = views.find((view) => isSameQuery(view.query, query));
  return (
    <details className="max-w-3xl text-sm">
      <summary className="min-h-6 w-fit cursor-pointer text-muted hover:text-text">
        Views ({views.length})
        {current && (
          <>
            : <b className="text-text">{<VisibleText text={current.name} />}</b>
          </>
        )}
      </summary>
      <div className="mt-2 grid gap-3 border-y border-hair bg-surface p-3">
        {views.length === 0 ? (
          <p className="text-muted">
            None yet. A view keeps this page’s range, comparison, zone, split and filters under a name.
          </p>
        ) : (
          <ul aria-label="Saved views" className="grid divide-y divide-hair">
            {views.map((view) => (
              <li key={view.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1">
                <span className="min-w-0">
                  <Link
                    href={paths.spend(view.query)}
                    {...(view === current && { "aria-current": "page" })}
                    className="link inline-block max-w-60 truncate align-bottom leading-6 aria-[current]:font-semibold sm:max-w-96"
                  >
                    <VisibleText text={view.name} />
                  </Link>{" "}
                  <span className="text-xs text-muted">
                    {view.own ? view.shared && "shared" : <VisibleText text={`shared by ${view.member}`} />}
                  </span>
                </span>
                <span className="flex gap-2">
                  {view.own && <EditView view={view} change={change} />}
                  {(view.own || mayRemoveShared) && (
                    <ConfirmButton
                      label="Remove"
                      about={`the view ${view.name}`}
                      title="Remove this view?"
                      confirm="Remove it"
                      action={remove}
                      fields={{ id: view.id }}
                    >
                      <VisibleText text={view.name} />
                      {view.shared ? " goes for everybody in the workspace." : " goes for you alone."} The figures stay.
                    </ConfirmButton>
                  )}
                </span>
              </li>
            ))}
          </ul>
        )}
        <SaveView query={query} save={save} />
      </div>
    </details>
  );
}

function SaveView({ query, save }: { query: ViewQuery; save: FormAction }) {
  const { state, pending, form } = useFormAction(save);
  return (
    <form {...form} className="grid gap-2">
      {state.status === "refused" && <Alert tone="error">{state.message}</Alert>}
      {Object.entries(query).map(([name, value]) => (
        <input key={name} type="hidden" name={`${QUERY_PREFIX}${name}`} value={value} />
      ))}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <TextInput
          name="name"
          required
          maxLength={80}
          autoComplete="off"
          aria-label="Name of this view"
          placeholder="Name of this view"
          className="max-w-60"
        />
        <ShareBox id="share-new" />
        <Button type="submit" aria-busy={pending}>
          {pending ? "Saving…" : "Save this view"}
        </Button>
        <span role="status" className="text-muted">
          {state.status === "done" && "Saved."}
        </span>
      </div>
    </form>
  );
}
