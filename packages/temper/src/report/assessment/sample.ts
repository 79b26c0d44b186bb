import type { Assessment } from '../../model/assess/assessment.ts'
import type { SourceLine } from '../../model/assess/source-line.ts'

const diffId = `sha256:${'ab'.repeat(32)}` as const

const line: SourceLine = {
  ...{ file: 'a|b/recipe.yaml', line: 12, key: 'contents.packages[0]' },
  ...{ change: 'change', brings: 'apt' },
}

/** An assessment with something of everything, and texts that formats have to escape. */
export function sampleAssessment(over: Partial<Assessment> = {}): Assessment {
  const contents = { aspect: 'contents', tier: 'minimal' } as const
  const surface = { aspect: 'attack-surface', tier: 'hardened' } as const
  const secure = (id: Assessment['aspects'][number]['id']) =>
    ({ id, tier: 'secure', reasons: [], judged: true }) as const
  return {
    target: {
      name: 'registry.example/team/web:1',
      kind: 'image',
      digest: diffId,
      platform: 'linux/amd64',
      distribution: 'Debian GNU/Linux 13 (trixie)',
    },
    tier: 'regular',
    aspects: [
      {
        id: 'contents',
        tier: 'regular',
        reasons: ['/usr/bin/apt: a package manager and 1 more'],
        judged: true,
      },
      { id: 'attack-surface', tier: 'minimal', reasons: ['/bin/[sh]<b>|`x`: a shell'], judged: true },
      {
        id: 'vulnerabilities',
        tier: 'minimal',
        reasons: ['not checked: no advisories were compared'],
        judged: false,
      },
      ...(['user-and-permissions', 'patching', 'provenance', 'policy'] as const).map(secure),
    ],
    next: [
      {
        rule: 'package-manager',
        rules: ['package-manager'],
        ...contents,
        todo: '/usr/bin/apt and 1 more: leave it out',
        findings: 2,
        sources: [line],
      },
    ],
    findings: [
      { ...finding({ rule: 'package-manager', ...contents }, '/usr/bin/apt'), source: line },
      finding({ rule: 'package-manager', ...contents }, '/usr/bin/dpkg'),
      finding({ rule: 'shell', ...surface }, '/bin/[sh]<b>|`x`'),
      {
        rule: 'root-user',
        level: 'warning',
        subject: 'the image',
        place: { kind: 'whole' },
        found: 'runs as root',
        remedy: 'name another user',
        aspect: 'user-and-permissions',
        tier: 'hardened',
        source: { file: 'Docker<b>file', key: 'USER', change: 'add' },
      },
    ],
    unjudged: [
      {
        rule: 'no-critical',
        aspect: 'vulnerabilities',
        tier: 'hardened',
        why: 'no advisories were compared',
      },
    ],
    measures: {
      size: 45_000_000,
      unpacked: 120_000_000,
      layers: 2,
      packages: 90,
      files: 4000,
      executables: 500,
      setuid: 7,
    },
    layers: [
      {
        diffId,
        size: 40_000_000,
        bytes: 110_000_000,
        hidden: 20_000_000,
        createdBy: 'RUN <b>',
        origin: 'base',
      },
      { diffId, size: 5_000_000, bytes: 10_000_000, hidden: 0 },
    ],
    notes: [],
    assessed: '2026-11-20T10:00:00Z',
    ...over,
  }
}

function finding(
  graded: Pick<Assessment['findings'][number], 'rule' | 'aspect' | 'tier'>,
  path: string,
): Assessment['findings'][number] {
  return {
    ...graded,
    level: 'error',
    subject: path,
    place: { kind: 'path', path, layer: diffId },
    path,
    layer: diffId,
    found: 'it is there',
    remedy: 'leave it out',
  }
}

/** The same beside another image. */
export function comparedAssessment(): Assessment {
  const other = sampleAssessment()
  const measures = { ...other.measures, size: 10_000_000, setuid: 0, vulnerabilities: 3 }
  const { aspects, layers } = other
  return sampleAssessment({
    against: {
      target: { name: 'other', kind: 'image' },
      tier: 'hardened',
      aspects,
      layers,
      measures,
      onlyThis: ['shell'],
      onlyOther: [],
    },
  })
}
