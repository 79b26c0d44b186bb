/** What stands before a command without being one. */
const before = /^(?:sudo|env|exec|time|then|do|else|if|\(|\{|--(?:mount|network|security)=\S*|\w+=\S*)$/

/** The commands of one RUN instruction, each as its words. */
export function commandsOf(body: string): readonly (readonly string[])[] {
  const exec = body.replace(/^(?:--\S+\s+)*/, '')
  if (exec.startsWith('[')) return [wordsOf(exec.replace(/[[\],]/g, ' '))]
  return body.split(/&&|\|\||[;|\n]/).flatMap((part) => {
    const words = wordsOf(part)
    const first = words.findIndex((word) => !before.test(word))
    return first < 0 ? [] : [words.slice(first)]
  })
}

/** Words of a line as they would be without quotes. */
export function wordsOf(text: string): readonly string[] {
  const words = text.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map((word) => word.replace(/["']/g, ''))
}

/** What ARG and ENV set: `NAME=VALUE …`, and `NAME VALUE` of old. */
export function setVariables(body: string, variables: Map<string, string>): void {
  const [, old, value] = /^(\w+)\s+([^=\s]+)$/.exec(body) ?? []
  if (old !== undefined && value !== undefined) variables.set(old, value)
  for (const word of wordsOf(body)) {
    const [, name, set] = /^(\w+)=(.*)$/.exec(word) ?? []
    if (name !== undefined && set !== undefined) variables.set(name, filled(set, variables))
  }
}

/** With what variables are known to be in their place; others stay as they are. */
export function filled(word: string, variables: ReadonlyMap<string, string>): string {
  return word
    .replace(/\$\{(\w+)(?::?-([^}]*))?\}|\$(\w+)/g, (whole, braced, otherwise, plain) => {
      const value = variables.get(braced ?? plain) ?? otherwise
      return value ?? whole
    })
    .slice(0, 1000)
}
