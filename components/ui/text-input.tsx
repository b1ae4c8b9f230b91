import type { ComponentProps } from "react";

import { CONTROL } from "./control-class";

/** A one-line native text field. */
export function TextInput({ className = "", ...rest }: ComponentProps<"input">) {
  return <input type="text" {...rest} className={`${CONTROL} h-8 pointer-coarse:h-11 ${className}`} />;
}
