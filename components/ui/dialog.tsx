"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";

type DialogProps = {
  open: boolean;
  onClose: () => void;
  title: ReactNode;
  children: ReactNode;
  footer?: ReactNode | undefined;
};

/**
 * A modal native `<dialog>`: the browser holds the focus inside, closes on Escape and gives the focus back.
 *
 * A click beside it does not close it: what a person typed must not vanish by accident.
 */
export function Dialog({ open, onClose, title, children, footer }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useEffect(() => {
    const dialog = element.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);

  return (
    <dialog
      ref={element}
      aria-labelledby={titleId}
      onClose={onClose}
      className="m-auto max-h-[calc(100dvh-2rem)] w-[min(34rem,calc(100vw-2rem))] overflow-y-auto rounded-md border border-edge bg-surface p-0 text-text shadow-float backdrop:bg-[rgb(0_0_0/0.5)]"
    >
      {open && (
        <div className="grid gap-4 p-5">
          <h2 id={titleId} className="text-lg">
            {title}
          </h2>
          {children}
          {footer && (
            <div className="sticky bottom-0 -mx-5 -mb-5 flex flex-wrap items-center justify-end gap-2 bg-surface px-5 pt-2 pb-5">
              {footer}
            </div>
          )}
        </div>
      )}
    </dialog>
  );
}
