"use client";

// Set while the page goes from one action to another: the heading of the next then takes the focus, so that its name is
// read. A page that is just opened leaves the focus where it is.
let moving = false;

export function beginMove(): void {
  moving = true;
}

/** Puts the focus on the action's heading if the page came here from another action. */
export function endMove(): void {
  if (moving) document.querySelector<HTMLElement>("[data-review-heading]")?.focus();
  moving = false;
}
