import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tryDebianTool } from '../support/debian-tool.ts'
import { temperJson } from '../support/temper-cli.ts'

/* Lines of a Dockerfile that a real Buildah built from, in both of the shapes that it gives its images. */

const buildah = process.getuid?.() === 0 ? await tryDebianTool('buildah') : undefined

let folder = ''
const dockerfile = `FROM scratch AS base
COPY passwd /etc/
ENV PATH=/usr/bin

FROM base
COPY tool /usr/bin/bash
LABEL team=web
COPY tool /usr/bin/gcc
# for a proxy that nobody remembers
ENV APP=1 NODE_TLS_REJECT_UNAUTHORIZED=0
EXPOSE 22
USER nobody
ENTRYPOINT ["/usr/bin/app"]
`

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-buildah-'))
  writeFileSync(join(folder, 'Dockerfile'), dockerfile)
  writeFileSync(join(folder, 'passwd'), 'nobody:x:65534:65534::/:/usr/sbin/nologin\n')
  writeFileSync(join(folder, 'tool'), '#!/usr/bin/app\n', { mode: 0o755 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function build(name: string, ...options: readonly string[]): string {
  const storage = [
    '--storage-driver',
    'vfs',
    '--root',
    join(folder, 'graph'),
    '--runroot',
    join(folder, 'run'),
  ]
  const run = (...args: readonly string[]) =>
    execFileSync(buildah ?? '', [...storage, ...args], { cwd: folder, stdio: 'ignore' })
  run('bud', ...options, '--isolation', 'chroot', '-t', name, '.')
  run('push', name, `oci:${join(folder, name)}:latest`)
  return `oci:${join(folder, name)}`
}

interface Told {
  readonly findings: readonly {
    readonly rule: string
    readonly subject: string
    readonly source?: { readonly line?: number; readonly key: string }
  }[]
}

async function lines(image: string): Promise<ReadonlyMap<string, string>> {
  const { findings } = await temperJson<Told>(['assess', image, '--source', 'Dockerfile'], { cwd: folder })
  return new Map(
    findings.map(({ rule, source }) => [rule, `${source?.key ?? 'no line'} ${source?.line ?? ''}`.trimEnd()]),
  )
}

describe.skipIf(buildah === undefined)('lines of an image of Buildah', () => {
  it('with a layer for each instruction', async () => {
    const byRule = await lines(build('layers', '--layers'))
    expect(byRule.get('shell')).toBe('COPY 6')
    expect(byRule.get('compiler')).toBe('COPY 8')
    expect(byRule.get('weak-tls')).toBe('ENV 10')
    expect(byRule.get('login-port')).toBe('EXPOSE 11')
    expect(byRule.get('named-user')).toBe('USER 12')
  })

  it('with one layer for a stage, which nothing tells the maker of', async () => {
    const byRule = await lines(build('one'))
    expect([byRule.get('shell'), byRule.get('compiler')]).toEqual(['no line', 'no line'])
    expect([byRule.get('weak-tls'), byRule.get('named-user')]).toEqual(['ENV 10', 'USER 12'])
  })
})
