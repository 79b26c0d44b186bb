import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFolderInventory } from '../src/inventory/reading/folder.ts'

const status = '/var/lib/dpkg/status'
const query = '/usr/bin/dpkg-query'
const fields = ['Package', 'Version', 'Architecture', 'source:Package', 'source:Version', 'db:Status-Status']
const format = `${fields.map((field) => `$\{${field}}`).join(' ')}\n`

test.skipIf(!existsSync(status) || !existsSync(query))(
  'the database of this machine holds for us what it holds for dpkg',
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'temper-host-'))
    try {
      mkdirSync(join(root, 'var/lib/dpkg'), { recursive: true })
      copyFileSync(status, join(root, 'var/lib/dpkg/status'))
      const { components, notes } = await readFolderInventory(root)
      const shown = execFileSync(query, ['--admindir', join(root, 'var/lib/dpkg'), '-W', '-f', format], {
        encoding: 'utf8',
        maxBuffer: 64 << 20,
      })
      const expected = shown
        .split('\n')
        .filter((line) => line.endsWith(' installed'))
        .map((line) => line.replace(/ installed$/, ''))
      const packages = components.map(
        ({ name, version, architecture, source }) =>
          `${name} ${version} ${architecture} ${source?.name} ${source?.version}`,
      )
      expect(packages.sort()).toEqual(expected.sort())
      expect(packages.length).toBeGreaterThan(10)
      expect(notes).toEqual([])
    } finally {
      rmSync(root, { recursive: true })
    }
  },
)
