import type { Effect } from '../../shared/effects/effect.ts'

const path = 'etc/debian_version'

/** The release, in the place of base-files, which most images do without. */
export const debianVersion: Effect = {
  id: 'debian-version',
  title: 'Version of Debian',
  why: 'Trivy knows a Debian image by this file alone, and matches no package without it.',
  source: 'base-files; aquasecurity/trivy, pkg/fanal/analyzer/os/debian',
  start({ stage, options, note }) {
    return {
      owns: [path],
      finish: () => {
        if (stage.get(path)) return
        const { version } = options.release
        stage.put({ path, type: 'file', mode: 0o644, content: new TextEncoder().encode(`${version}\n`) })
        note('debian-version', version)
      },
    }
  },
}
