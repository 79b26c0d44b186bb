import { describe, expect, it } from 'vitest'
import type { BuildResult, PlatformResult } from '../../flows/build/result.ts'
import { buildJson, buildText } from './build.ts'

const plain = (text: string) => text
const style = { finished: plain, bold: plain, dim: plain, good: plain, warn: plain, bad: plain }
const digest = `sha256:${'a'.repeat(64)}` as const

const platform: PlatformResult = {
  platform: 'linux/amd64',
  digest,
  size: 10_236_005,
  unpackedSize: 25_540_158,
  layers: 8,
  packages: 13,
  files: 1301,
  user: '65532',
  pruned: [{ name: 'debconf', version: '1', reason: 'asks questions' }],
  stripped: { documentation: 94, cache: 0 },
  unmodelledEffects: [],
  relaxations: [],
}
const result: BuildResult = {
  reference: 'oci:out/x',
  digest,
  platforms: [platform],
  cached: false,
  published: [],
}

function text(changes: Partial<BuildResult> = {}): string {
  return buildText(
    { ...result, ...changes },
    { target: 'nginx', milliseconds: 1234, style, program: './temper', workingDir: '/home/you' },
  )
}

describe('the summary of a build', () => {
  it('says what a ticket needs', () => {
    expect(text()).toMatchInlineSnapshot(`
      "✓ nginx built in 1.2 s
        platform    linux/amd64
        contents    13 packages, 1301 files, 25.5 MB
        size        10.2 MB compressed in 8 layers
        user        65532
        shell       none
        setuid      0 files
        pruned      1 package (debconf)
        left out    documentation 94
        unmodelled  none
        findings    no advisories to compare with (get them with: temper feeds update)
        digest      sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        written to  oci:out/x
        evidence    attached, not signed (sign it with: --sign KEY)
        lock        none: resolved afresh (pin it with: ./temper lock nginx)
        next        ./temper inspect oci:out/x
                    ./temper sbom oci:out/x -f cyclonedx-json -o nginx.cdx.json
                    ./temper copy oci:out/x docker-archive:nginx.tar
      "
    `)
  })

  it('names each relaxation with its reason', () => {
    const relaxations = [
      { rule: 'shell', why: 'the entry point is a script' },
      { rule: 'documentation', path: '/usr/share/doc/x', why: 'shown by the program' },
    ] as const
    const shown = text({ platforms: [{ ...platform, relaxations }] })
    expect(shown).toContain('shell       allowed: the entry point is a script')
    expect(shown).toContain('relaxed     documentation for /usr/share/doc/x: shown by the program')
  })

  it('lists what is not modelled, and counts what would be too long', () => {
    const effect = { package: 'x', script: 'postinst', line: 3, command: 'x --init' }
    const shown = text({
      platforms: [{ ...platform, unmodelledEffects: Array.from({ length: 12 }, () => effect) }],
    })
    expect(shown).toContain('12 effects\n              x postinst:3  x --init\n')
    expect(shown).toContain('… and 2 more')
  })

  it('shows several platforms with a digest each, and the index', () => {
    const shown = text({
      platforms: [platform, { ...platform, platform: 'linux/arm64' }],
      published: ['r.example/x:1'],
    })
    expect(shown.match(/ {2}image {7}sha256:/g)).toHaveLength(2)
    expect(shown).toContain('index       sha256:')
    expect(shown).toContain('published   r.example/x:1')
  })

  it('says when nothing had to be done', () => {
    expect(text({ cached: true, lock: 'x.lock.json' })).toContain('✓ nginx unchanged since the last build')
  })

  it('keeps the contract of --json', () => {
    expect(Object.keys(buildJson(result, 5))).toEqual(
      expect.arrayContaining(['reference', 'digest', 'platforms', 'cached']),
    )
  })

  it('counts what is known against the image', () => {
    const severities = { critical: 0, high: 2, medium: 0, low: 1, negligible: 0, unknown: 0 }
    const counts = {
      total: 3,
      severities,
      fixable: 2,
      malicious: 0,
      exploited: 1,
      suppressed: 0,
      secrets: 0,
      compared: 1,
      repairedOnly: 0,
      inPart: 0,
      notCompared: 0,
      complete: true,
    }
    const scan = { platform: 'linux/amd64', asOf: '2026-11-18T00:00:00Z', ...counts }
    expect(text({ scans: [scan] })).toContain(
      'findings    3 vulnerabilities: 2 high, 1 low; 2 fixable, 1 known to be exploited (advisories of 2026-11-18)',
    )
    const none = {
      ...scan,
      total: 0,
      severities: { ...severities, high: 0, low: 0 },
      fixable: 0,
      exploited: 0,
    }
    expect(text({ scans: [none] })).toContain(
      'findings    no known vulnerabilities (advisories of 2026-11-18)',
    )
  })
})
