import { type Example, type Examples, file } from '../example.ts'

const says = (title: string, licences: string): Example => ({
  title,
  annotations: {
    'org.opencontainers.image.created': '2026-05-30T00:00:00Z',
    'org.opencontainers.image.licenses': licences,
  },
  files: [file('lib/apk/db/installed', 'P:app\nV:1-r0\nA:x86_64\nL:GPL-2.0-only\nF:usr/bin\nR:app\n\n')],
})

export const examples: Examples = {
  broken: [says('MIT, with a package under the GPL', 'MIT')],
  kept: [says('both', 'MIT AND GPL-2.0-only')],
}
