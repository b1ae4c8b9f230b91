import Link from "next/link";
import type { ComponentProps } from "react";

/** A link inside a list or table: quiet, because there are many, yet underlined, because colour is not the only sign. */
export function RowLink({ className = "", ...rest }: ComponentProps<typeof Link>) {
  return (
    <Link
      {...rest}
      className={`inline-block min-h-6 leading-6 underline decoration-edge underline-offset-3 hover:decoration-current ${className}`}
    />
  );
}
