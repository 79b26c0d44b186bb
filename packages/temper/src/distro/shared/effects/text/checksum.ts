import { createHash } from 'node:crypto'
import type { CommandResult } from '../../scripts/world.ts'
import { readOptions } from '../command-line.ts'
import type { CommandCall } from '../effect.ts'
import { encodeBytes } from './bytes.ts'
import type { FilterWorld } from './input.ts'

/** Programs that print the checksums of files (sha256sum(1)), and the hashes that they print. */
export const checksumPrograms: Readonly<Record<string, string>> = {
  md5sum: 'md5',
  sha1sum: 'sha1',
  sha224sum: 'sha224',
  sha256sum: 'sha256',
  sha384sum: 'sha384',
  sha512sum: 'sha512',
}

const longest = 1 << 20

/** A line for each file; missing files are left out and reflected in the status. Checking (`-c`) is not supported. */
export function checksum(
  call: CommandCall,
  hash: string,
  { context, fuel }: FilterWorld,
): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  if ([...flags].some((flag) => !/^(?:-b|-t|--binary|--text)$/.test(flag))) return undefined
  const mark = flags.has('-b') || flags.has('--binary') ? '*' : ' '
  let status = 0
  let output = ''
  for (const file of operands.length === 0 ? ['-'] : operands) {
    if (file === undefined) return undefined
    const isThere = file === '-' || context.stage.resolve(file)?.type === 'file'
    const input = call.input === undefined ? undefined : encodeBytes(call.input)
    const bytes = file === '-' ? input : context.stage.content(file)
    if (!isThere) {
      status = 1
      continue
    }
    // A name with these is written in another way.
    if (bytes === undefined || bytes.length > longest || /[\n\\\r]/.test(file)) return undefined
    fuel.spend(bytes.length)
    output += `${createHash(hash).update(bytes).digest('hex')} ${mark}${file}\n`
  }
  return { status, output }
}
