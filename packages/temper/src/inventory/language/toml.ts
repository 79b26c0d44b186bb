import { TemperError } from '../../base/error.ts'
import { decodeText } from './document.ts'

/** Reads TOML; an error (`bad-archive`) where it is not one. The parser is loaded when the first such file is met. */
export async function parseTomlFile(bytes: Uint8Array, where: string): Promise<unknown> {
  const { parse } = await import('smol-toml')
  try {
    return parse(decodeText(bytes), { maxDepth: 100, integersAsBigInt: false })
  } catch (error) {
    throw new TemperError('bad-archive', `${where}: this is not TOML`, { cause: error })
  }
}
