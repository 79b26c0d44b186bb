import { imageRule } from '../rule.ts'

export const notCompared = imageRule({
  id: 'not-compared',
  title: 'Every package was compared with advisories',
  why: 'That nothing is known of a package that nobody asked about means nothing.',
  fix: 'add a feed that knows these packages',
  level: 'warning',
  aspect: 'vulnerabilities',
  tier: 'hardened',
  needs: ['scan'],
  *check({ scan }) {
    const left = scan.ledger.filter(({ compared }) => !compared)
    const [first] = left
    if (first === undefined) return
    const { name, version } = first.component
    const found = `${left.length} of ${scan.ledger.length} packages were not compared, the first ${name} ${version}${first.reason === undefined ? '' : `: ${first.reason}`}`
    yield { place: { kind: 'whole' }, subject: 'packages', found }
  },
})
