import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

/** Where a runtime has it; Debian's packages have a link there to a file in /etc. */
const file = /(?:^|\/)(?:conf|lib|java-[\d.]{1,8}-openjdk)\/security\/java\.security$/
const setting = /^[ \t\f]{0,80}jdk\.tls\.disabledAlgorithms(?![^ \t\f=:])[ \t\f]{0,80}[=:]?(.*)$/
const wanted = ['SSLv3', 'TLSv1', 'TLSv1.1', 'RC4'] as const

export const javaSecurity = imageRule({
  id: 'java-security',
  title: 'Java refuses old protocols and ciphers',
  why: 'Java disables them by default. With a shorter list every program can use them again.',
  fix: 'leave java.security as it comes with the JDK, or add what is missing to jdk.tls.disabledAlgorithms',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'hardened',
  *check({ nodes }) {
    for (const node of nodes) {
      if (node.content === undefined || !file.test(node.path)) continue
      const disabled = disabledIn(Buffer.from(node.content).toString())
      if (disabled === undefined) continue
      const missing = wanted.filter((name) => !disabled.has(name.toLowerCase()))
      if (missing.length > 0)
        yield { place: nodePlace(node), found: `jdk.tls.disabledAlgorithms lacks ${missing.join(', ')}` }
    }
  },
})

/**
 * What the property lists, in lower case, as java.util.Properties reads it: the last time that it is set, its continued
 * lines joined. Undefined where it is not set.
 */
function disabledIn(text: string): ReadonlySet<string> | undefined {
  // Joined once: a text that grows line by line would be copied for each of a million lines.
  let parts: string[] | undefined
  let open = false
  for (const line of text.split(/\r?\n/)) {
    const start = open ? undefined : setting.exec(line)?.[1]
    if (start !== undefined) parts = []
    else if (!open) continue
    const part: string = start ?? line
    open = part.endsWith('\\')
    parts?.push(open ? part.slice(0, -1) : part)
  }
  return parts === undefined
    ? undefined
    : new Set(
        parts
          .join('')
          .split(',')
          .map((name) => name.trim().toLowerCase()),
      )
}
