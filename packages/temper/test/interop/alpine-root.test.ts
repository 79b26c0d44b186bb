import { describe, expect, it } from 'vitest'
import { tryRealAlpine } from '../support/real-alpine.ts'
import { temperJson } from '../support/temper-cli.ts'

/* A real Alpine as it is installed on a disk: it fails for what it is, a system for people to log in to. */

const alpine = await tryRealAlpine()

interface Report {
  readonly tier: string
  readonly target: string
  readonly distribution: string
  readonly findings: readonly { readonly rule: string; readonly level: string; readonly subject: string }[]
}

describe.skipIf(alpine === undefined)('a real Alpine', () => {
  it('fails for the right reasons, and for no others', async () => {
    const { tier, distribution, findings } = await temperJson<Report>(['assess', `dir:${alpine}`])
    expect([tier, distribution]).toEqual(['regular', 'Alpine Linux v3.23'])
    const of = (rule: string) => findings.filter((each) => each.rule === rule).map(({ subject }) => subject)
    expect(of('package-manager')).toContain('/sbin/apk')
    expect(of('shell')).toContain('/bin/busybox')
    expect(of('account').length).toBeGreaterThan(0)
    expect(of('privilege-tool')).toContain('/usr/bin/sudo')
    expect(of('service-manager')).toContain('/sbin/openrc')
    const errors = new Set(findings.filter(({ level }) => level === 'error').map(({ rule }) => rule))
    // World-writable are /tmp and /var/tmp: taking files off the disk lost their sticky bits.
    expect([...errors].sort()).toEqual(['account', 'package-manager', 'shell', 'world-writable'])
    expect(of('world-writable').sort()).toEqual(['/tmp', '/var/tmp'])
  })
})
