import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { tryDebianTool } from '../../../temper/test/support/debian-tool.ts'

const run = promisify(execFile)
const analyze = await tryDebianTool('systemd-analyze')
const unit = await readFile(new URL('../../../../deploy/temper.service', import.meta.url), 'utf8')

describe.skipIf(analyze === undefined)('the systemd unit', () => {
  it('is one, and locks the service down', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'temper-unit-'))
    try {
      const path = join(folder, 'temper.service')
      // It has to name a program that is there.
      await writeFile(path, unit.replace(/^ExecStart=\S+ serve/m, 'ExecStart=/bin/true serve'))
      const { stderr } = await run(analyze ?? '', ['verify', '--man=no', path])
      expect(stderr).toBe('')
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
