"use client";

import { type ComponentProps, useState } from "react";

import { Field } from "./field";
import { TextInput } from "./text-input";

type PasswordFieldProps = Omit<ComponentProps<typeof TextInput>, "id" | "name" | "type" | "required"> & {
  label: string;
  hint?: string;
  error?: string | undefined;
};

/** A password that must be typed, with a box that shows it. Paste and password managers are welcome. */
export function PasswordField({ label, hint, error, ...input }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <Field label={label} hint={hint} htmlFor="password" error={error}>
        <TextInput id="password" name="password" type={shown ? "text" : "password"} required {...input} />
      </Field>
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="checkbox"
          checked={shown}
          onChange={(event) => setShown(event.target.checked)}
          className="size-4 accent-accent"
        />
        Show what I type
      </label>
    </>
  );
}
