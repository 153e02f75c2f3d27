/** Not here yet. @module */
export function jsonTexts(_path: string, _value: unknown): readonly string[] {
  return [];
}
