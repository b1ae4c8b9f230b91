import type { ComponentProps } from "react";

import { CONTROL } from "./control-class";

/** A native text field of several lines. */
export function TextArea({ className = "", rows = 4, ...rest }: ComponentProps<"textarea">) {
  return <textarea rows={rows} {...rest} className={`${CONTROL} py-1.5 ${className}`} />;
}
