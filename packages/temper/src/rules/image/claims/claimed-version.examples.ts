import { type Example, type Examples, file } from '../example.ts'

const says = (title: string, version: string): Example => ({
  title,
  annotations: {
    'org.opencontainers.image.created': '2026-05-30T00:00:00Z',
    'org.opencontainers.image.title': 'app',
    'org.opencontainers.image.version': version,
  },
  files: [file('lib/apk/db/installed', 'P:app\nV:1.28.0-r4\nA:x86_64\nF:usr/bin\nR:app\n\n')],
})

export const examples: Examples = {
  broken: [says('the one after it', '1.29.0')],
  kept: [says('the version', '1.28.0'), says('a part of it', '1.28'), says('with its revision', '1.28.0-r4')],
}
