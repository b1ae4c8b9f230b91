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

/** The answer, or null where there is nothing of that name: for a page with more on it than the answer. */
export async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  }
}
