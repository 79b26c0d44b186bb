import type { CommandResult } from '../../scripts/world.ts'
import type { CommandCall, EffectContext } from '../effect.ts'

const units: Readonly<Record<string, number>> = { '': 1, c: 1, b: 512, k: 1024, K: 1024, M: 1 << 20 }

/** `dd if=/dev/zero of=FILE bs=N count=N`: a file of zeros, of no more than a megabyte. */
export function zeros(call: CommandCall, { stage }: EffectContext): CommandResult | undefined {
  if (call.arguments.includes(undefined) || !call.certain) return undefined
  const words = call.arguments.filter((word) => word !== undefined)
  const given = new Map(words.map((word) => word.split(/=(.*)/s).slice(0, 2) as [string, string]))
  const number = (name: string, otherwise: string) => {
    const [, digits = '', unit = ''] = /^(\d{1,7})([cbkKM]?)$/.exec(given.get(name) ?? otherwise) ?? []
    return digits === '' || !Object.hasOwn(units, unit) ? Number.NaN : Number(digits) * (units[unit] ?? 0)
  }
  const [path, size] = [given.get('of'), number('bs', '512') * number('count', '')]
  const plain = [...given.keys()].every((name) => /^(?:if|of|bs|count|status)$/.test(name))
  if (given.get('if') !== '/dev/zero' || path === undefined || !plain || !(size <= 1 << 20)) return undefined
  const folder = call.folder ?? ''
  const at = path.startsWith('/') ? path : `${folder}/${path}`
  if (!at.startsWith('/')) return undefined
  stage.put({ path: at, type: 'file', mode: 0o666 & ~call.umask, content: new Uint8Array(size) })
  return { status: 0, output: '' }
}
