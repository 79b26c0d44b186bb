import { sha256 } from '../base/digest.ts'
import type { Compliance, Framework } from '../model/assess/compliance.ts'
import { countStatuses, type JudgedRules, judgeControls } from './judge.ts'

/** An image that breaks one rule, and of which another could not be checked; for tests. */
export function sampleJudged(more: Partial<JudgedRules> = {}): JudgedRules {
  return {
    rules: new Map([
      ['setuid', 'No setuid or setgid bits and no file capabilities'],
      ['root-user', 'Runs as a user other than root'],
      ['shell', 'No shell'],
    ]),
    findings: [{ rule: 'setuid', level: 'error', subject: '/bin/<su>', found: 'setuid & "more"\u0007' }],
    unjudged: [{ rule: 'shell', why: 'nobody looked' }],
    applies: new Set(),
    ...more,
  }
}

export function sampleCompliance({ controls, ...framework }: Framework, judged = sampleJudged()): Compliance {
  const results = judgeControls({ ...framework, controls }, judged)
  return {
    framework,
    image: { reference: 'registry.example/team/<web>:1', digest: sha256('web'), platform: 'linux/amd64' },
    assessed: '2026-01-02T03:04:05Z',
    generator: { name: 'temper', version: '0.1.0' },
    counts: countStatuses(results),
    controls: results,
  }
}
