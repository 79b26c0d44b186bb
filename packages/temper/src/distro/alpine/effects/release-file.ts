import type { Effect } from '../../shared/effects/effect.ts'

/**
 * /etc/alpine-release, by which scanners and scripts recognise the release, for images without the package that has
 * it.
 */
export const releaseFile: Effect = {
  id: 'alpine-release',
  title: 'The release in /etc/alpine-release',
  why: 'Scanners look there before they look into os-release.',
  source: 'alpine-release',
  start({ stage, options, note }) {
    if (stage.resolve('etc/alpine-release')) return {}
    const content = new TextEncoder().encode(`${options.release.version}.0\n`)
    stage.put({ path: 'etc/alpine-release', type: 'file', mode: 0o644, content })
    note('alpine-release', options.release.version)
    return {}
  },
}
