/** The words of whatever was thrown: any program may throw anything. */

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
