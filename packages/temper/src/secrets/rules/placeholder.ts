/** Words that people write in the place of a secret. */
const words =
  /example|sample|dummy|placeholder|change.?me|replace|redacted|your[-_.]|xxxxx|\*\*\*|<[^>]*>|\$\{|\$\(|%\(|\{\{|^\$[A-Za-z_]|^%[A-Za-z_]+%$|^(?:pass(?:word|wd)?|secret|token|user(?:name)?|none|null|true|false|undefined|test|foo|bar|default)$/i

/** Whether a text is a stand-in for a secret: documentation, a template, a variable. */
export function isPlaceholder(text: string): boolean {
  return words.test(text) || distinct(text) < 4
}

/**
 * Bits for each character (Shannon). Random letters and digits have some 4 in 20 characters, words about 3. Rules use it
 * besides a name that says "secret".
 */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  let bits = 0
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length)
  return bits
}

function distinct(text: string): number {
  return new Set(text).size
}
