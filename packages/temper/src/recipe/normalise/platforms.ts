import { formatPlatform, parsePlatform } from '../../model/platform.ts'
import { type RecipePath, type Report, show } from '../document/problem.ts'

const machineNames: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['aarch64', 'arm64'],
])

/** Platforms in any spelling, as "linux/amd64". */
export function readPlatforms(names: readonly string[], path: RecipePath, report: Report): readonly string[] {
  const result: string[] = []
  for (const [i, name] of names.entries()) {
    const architecture = name.replace(/^linux\//, '').replace(/\/v8$/, '')
    const known = machineNames.get(architecture) ?? architecture
    if (known !== 'amd64' && known !== 'arm64') {
      report([...path, i], `expected linux/amd64 or linux/arm64, found ${show(name)}`)
      continue
    }
    const platform = formatPlatform(parsePlatform(known))
    if (result.includes(platform)) report([...path, i], `${platform} is there twice`)
    else result.push(platform)
  }
  return result
}
