"use client";

import { type ComponentProps, type MouseEvent, useId } from "react";

import { buttonClass, type ButtonSize, type ButtonVariant } from "./button-class";

export type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  /** Why it cannot be pressed now. Shown beside the button, which stays focusable and does nothing. */
  disabledReason?: string | undefined;
};

/** A button. Give `disabledReason` instead of `disabled` wherever a person could wonder why. */
export function Button({ variant = "plain", size = "md", disabledReason, className, onClick, ...rest }: ButtonProps) {
  const reasonId = useId();
  const blocked = disabledReason !== undefined && disabledReason !== "";
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (blocked) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button
      {...rest}
      {...(blocked && { "aria-disabled": true, "aria-describedby": reasonId })}
      className={buttonClass(variant, size, className)}
      onClick={press}
    />
  );
  if (!blocked) return button;
  return (
    <span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
      {button}
      <span id={reasonId} className="text-xs text-muted">
        {disabledReason}
      </span>
    </span>
  );
}
