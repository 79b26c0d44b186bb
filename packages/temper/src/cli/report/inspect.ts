import { printableLine } from '../../base/printable.ts'
import type { ImageSummary, Inspection } from '../../flows/image/inspect.ts'
import type { Style } from '../style.ts'
import { count, formatBytes } from './quantity.ts'
import { facts, table } from './table.ts'

/** More layers or packages than this are counted unless asked for with --verbose. */
const mostRows = 200

/** An inspection for people. */
export function inspectText(
  inspection: Inspection,
  options: { readonly style: Style; readonly verbose: boolean },
): string {
  const { style } = options
  const head = facts([
    ['reference', style.bold(inspection.reference)],
    ['digest', inspection.digest],
    ['type', inspection.mediaType],
    ['platforms', inspection.platforms.join(', ')],
    ...inspection.attachments.map((attachment): [string, string] => [
      'attached',
      `${attachment.artifactType}, ${formatBytes(attachment.size)}, ${attachment.digest}`,
    ]),
  ])
  return head + inspection.images.map((image) => `\n${imageText(image, options)}`).join('')
}

function imageText(
  image: ImageSummary,
  options: { readonly style: Style; readonly verbose: boolean },
): string {
  const { style } = options
  const most = options.verbose ? Number.POSITIVE_INFINITY : mostRows
  const layers = image.layers.map((layer) => [
    `  ${options.verbose ? layer.digest : layer.digest.slice(0, 19)}`,
    formatBytes(layer.size),
    layer.comment ?? layer.createdBy ?? '',
  ])
  const packages = (image.packages ?? []).map((each) => [`  ${each.name}`, each.version, each.architecture])
  const parts = [
    `${style.bold(image.platform)}\n${facts(configRows(image))}`,
    section(
      'annotations',
      Object.entries(image.annotations).map(([name, value]) => [`  ${name}`, printableLine(value)]),
      most,
    ),
    section(`${count(image.layers.length, 'layer')}, ${formatBytes(image.size)}`, layers, most),
    image.packages ? section(count(packages.length, 'package'), packages, most) : '',
  ]
  return parts.filter((part) => part !== '').join('\n')
}

function configRows(image: ImageSummary): [string, string][] {
  const { config } = image
  const rows: [string, string | undefined][] = [
    ['image', image.digest],
    ['created', image.created],
    ['user', config.User ?? 'root (not set)'],
    ['entrypoint', commandText(config.Entrypoint)],
    ['cmd', commandText(config.Cmd)],
    ['work dir', config.WorkingDir],
    ['stop signal', config.StopSignal],
    ['ports', keysText(config.ExposedPorts)],
    ['volumes', keysText(config.Volumes)],
    ...(config.Env ?? []).map((variable): [string, string] => ['env', printableLine(variable)]),
    ...Object.entries(config.Labels ?? {}).map(([name, value]): [string, string] => [
      'label',
      `${name}=${printableLine(value)}`,
    ]),
  ]
  return rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '')
}

function section(title: string, rows: readonly (readonly string[])[], most: number): string {
  if (rows.length === 0) return ''
  const more = rows.length > most ? `  … and ${rows.length - most} more (--verbose shows all)\n` : ''
  return `  ${title}\n${table(rows.slice(0, most).map((row) => [`  ${row[0] ?? ''}`, ...row.slice(1)]))}${more}`
}

function commandText(words: readonly string[] | undefined): string | undefined {
  return words?.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')
}

function keysText(value: Readonly<Record<string, unknown>> | undefined): string | undefined {
  return value && Object.keys(value).join(', ')
}
