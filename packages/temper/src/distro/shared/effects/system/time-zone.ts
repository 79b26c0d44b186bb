import type { Effect } from '../effect.ts'

const zone = 'Etc/UTC'

/** The default time zone, when there is a time zone database. */
export const timeZone: Effect = {
  id: 'time-zone',
  title: 'Default time zone',
  why: 'Programs that read /etc/localtime need it; without a choice Debian takes UTC.',
  source: 'tzset(3); tzdata maintainer scripts',
  start({ stage, note }) {
    return {
      owns: ['etc/localtime*', 'etc/timezone*'],
      finish: () => {
        if (!stage.resolve(`usr/share/zoneinfo/${zone}`) || stage.get('etc/localtime')) return
        stage.put({
          path: 'etc/localtime',
          type: 'symlink',
          mode: 0o777,
          target: `/usr/share/zoneinfo/${zone}`,
        })
        const content = new TextEncoder().encode(`${zone}\n`)
        stage.put({ path: 'etc/timezone', type: 'file', mode: 0o644, content })
        note('time-zone', zone)
      },
    }
  },
}
