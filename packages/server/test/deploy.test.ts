import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { settingsFrom } from '../src/settings-sources.ts'

const file = (name: string) => readFile(new URL(`../../../deploy/${name}`, import.meta.url), 'utf8')

/** Options of the command, as its reference page has them. */
async function optionsOfServe(): Promise<readonly string[]> {
  const page = await readFile(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8')
  const section = page.split('\n## temper serve\n')[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/--[a-z-]+/g)].map(([name]) => name)
}

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        readonly command?: readonly string[]
        readonly volumes: readonly string[]
        readonly environment: Readonly<Record<string, string>>
      }
    >
  >
  readonly volumes: Readonly<Record<string, object>>
}

describe('files to run the service with', () => {
  it('name options that there are', async () => {
    const compose = parse(await file('compose.yaml')) as Compose
    const unit = await file('temper.service')
    const words = [
      ...(compose.services['temper']?.command ?? []),
      ...(/^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(' ') ?? []),
    ].filter((word) => word.startsWith('--'))
    expect(words).toHaveLength(5)
    const known = [...(await optionsOfServe()), '--config']
    expect(words.filter((word) => !known.includes(word))).toEqual([])
  })

  it('give the service a folder that stays, and a database', async () => {
    const { services, volumes } = parse(await file('compose.yaml')) as Compose
    expect(services['temper']?.volumes).toContain('data:/data')
    expect(Object.keys(volumes)).toEqual(['data', 'cache', 'database'])
    const url = services['temper']?.environment['TEMPER_SERVE_DATABASE'] ?? ''
    const given = { data: '/data', factory: { program: ['temper'], database: url } }
    expect(settingsFrom({ environment: {}, given }).factory?.database).toBe(url)
  })
})
