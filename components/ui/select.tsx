import type { ComponentProps } from "react";

import { CONTROL } from "./control-class";

export type SelectOption = { readonly value: string; readonly label: string };

type SelectProps = Omit<ComponentProps<"select">, "children"> & { options: readonly SelectOption[] };

/** A native choice of one. */
export function Select({ options, className = "", ...rest }: SelectProps) {
  return (
    <select {...rest} className={`${CONTROL} h-8 pointer-coarse:h-11 ${className}`}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
