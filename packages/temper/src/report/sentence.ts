/** A text from outside with a full stop behind it, unless it ends with a sign of its own; nothing stays nothing. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' || /[.!?…:;]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
