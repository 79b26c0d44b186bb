import type { TagList } from '../../../flows/image/list-tags.ts'
import { namedImage } from '../../options/named-image.ts'
import { argument } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { count, formatBytes } from '../../report/quantity.ts'
import { table } from '../../report/table.ts'

export const command: CommandDefinition = {
  name: 'ls',
  summary: 'list the tags of a repository, with digest, age and size',
  configure: (command) => {
    command.argument('<repository>', 'HOST/NAME, oci:DIR, oci-archive:FILE or docker-archive:FILE')
  },
  examples: [
    { command: 'temper ls registry.example/team/nginx', does: 'newest first' },
    { command: "temper ls --json registry.example/team/nginx | jq '.tags[].tag'", does: 'for scripts' },
  ],
  run: async ({ args, context, host, say }) => {
    const { listTags } = await import('../../../flows/image/list-tags.ts')
    const list = await listTags(await namedImage(argument(args, 0), { host, say }), await context())
    return { json: { ...list }, text: () => listText(list, host.now()) }
  },
}

function listText({ reference, tags }: TagList, now: Date): string {
  if (tags.length === 0) return `${reference} has no tags\n`
  const rows = tags.map(({ tag, digest, created, size, platforms }) => [
    tag,
    digest,
    created === undefined ? '-' : ageText(now.getTime() - Date.parse(created)),
    size === undefined ? '-' : formatBytes(size),
    platforms?.join(', ') ?? '',
  ])
  return table(
    [['TAG', 'DIGEST', 'AGE', 'SIZE', ''], ...rows],
    [{}, {}, { align: 'right' }, { align: 'right' }],
  )
}

/** An age in its largest unit: "3 days". A time in the future has none. */
export function ageText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (!Number.isFinite(minutes) || minutes < 0) return '-'
  if (minutes < 60) return count(minutes, 'minute')
  if (minutes < 48 * 60) return count(Math.floor(minutes / 60), 'hour')
  const days = Math.floor(minutes / 1440)
  return days < 730 ? count(days, 'day') : count(Math.floor(days / 365), 'year')
}
