import "server-only";

import { notFound } from "next/navigation";

import { AppError } from "@/lib/core/shared/errors";

/** The answer, or the page that says there is nothing here. Every other refusal stays an error. */
export async function orNotFound<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") notFound();
    throw error;
  }
}
