import { type JsonObject, membersOf, textOf } from '../../base/json/value.ts'

/** The range that a project gives a package in place of what another one asks for; undefined: the asked one. */
export type Resolutions = (name: string, range: string, by: string) => string | undefined

/** package.json's `resolutions`, as yarn has them: "a", "b/a", "**\/a", "a@npm:^1", "b@npm:1/a". `by` is the real name of who needs it. */
export function resolutionsOf(manifest: JsonObject): Resolutions {
  const rules = membersOf(manifest['resolutions']).flatMap(([pattern, value]) => {
    const own = /^(?:(.*)\/)?((?:@[^/@]+\/)?[^/@*]+)(?:@(.+))?$/.exec(pattern)
    const range = textOf(value)
    if (own === null || range === undefined) return []
    const [, path = '', name = '', asked] = own
    const parent = /^(@[^/@]+\/[^/@]+|[^/@*]+)(?:@.*)?$/.exec(path.replace(/^.*\*\*\/?/, ''))?.[1]
    return [{ name, range, asked, parent }]
  })
  return (name, range, by) =>
    rules.find(
      (rule) =>
        rule.name === name &&
        (rule.asked === undefined || rule.asked === range || `npm:${rule.asked}` === range) &&
        (rule.parent === undefined || rule.parent === by),
    )?.range
}
