/** Not here yet. @module */
import type { Random } from "../core/random.ts";
export class TemplateError extends Error {}
export async function loadTemplates(): Promise<void> {}
export function renderTemplate(
  source: string,
  _scope: Record<string, unknown>,
  _random: Random,
): string {
  return source;
}
