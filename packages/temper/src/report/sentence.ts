/** A text from outside with a full stop added, unless it already ends with punctuation; an empty text stays empty. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' || /[.!?…:;]$/.test(trimmed) ? trimmed : `${trimmed}.`
}
