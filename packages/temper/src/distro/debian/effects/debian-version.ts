import type { Effect } from '../../shared/effects/effect.ts'

const path = 'etc/debian_version'

/** Effect: /etc/debian_version, which base-files would have, for images without that package. */
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
