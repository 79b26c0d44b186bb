import { describe, expect, test } from 'vitest'
import { declaredDiversions } from './declared-diversions.ts'
import { makePackage } from './fixtures/packages.ts'

const of = (preinst: string) => {
  const made = makePackage({ name: 'newer', preinst })
  return declaredDiversions('newer', made.content).map(({ from, to }) => `${from} → ${to}`)
}

describe('declaredDiversions', () => {
  test('of a first installation, under names of the merged /usr', () => {
    expect(
      of(`case "$1" in
install|upgrade)
  for name in zcat zless; do
    dpkg-divert --package newer --quiet --add --rename --divert "/bin/$name.gzip" "/bin/$name"
  done
  dpkg-divert --add --rename /usr/bin/other
  ;;
abort-upgrade) dpkg-divert --add /usr/bin/not-reached ;;
esac`),
    ).toEqual([
      'usr/bin/zcat → usr/bin/zcat.gzip',
      'usr/bin/zless → usr/bin/zless.gzip',
      'usr/bin/other → usr/bin/other.distrib',
    ])
  })

  test.each([
    'dpkg-divert --remove --rename /usr/bin/x',
    'dpkg-divert --package another --add --rename /usr/bin/x',
    'dpkg-divert --local --add --rename /usr/bin/x',
    'dpkg-divert --list /usr/bin/x',
    'dpkg-divert --add --rename "$(cat /etc/x)"',
    'dpkg-divert --add --rename --divert "$(cat /etc/x)" /usr/bin/x',
    'dpkg-divert --add relative',
    'echo dpkg-divert --add --rename /usr/bin/x',
  ])('%s decides nothing', (command) => {
    expect(of(command)).toEqual([])
  })
})
