import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/** Axe on a page as it is. Our pages hold no frames, so no second page is opened to put their results together. */
export const axeOn = (page: Page): AxeBuilder => new AxeBuilder({ page }).setLegacyMode();
