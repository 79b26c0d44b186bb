import { type Examples, file } from '../example.ts'

const nologin = '/usr/sbin/nologin'
const app = `app:x:65532:65532::/home/app:${nologin}`

export const examples: Examples = {
  broken: [
    {
      title: 'root with a login shell',
      files: [file('etc/passwd', `root:x:0:0:root:/root:/bin/sh\n${app}\n`)],
    },
  ],
  kept: [
    {
      title: 'another account that nobody can log in with',
      files: [file('etc/passwd', `root:x:0:0:root:/root:${nologin}\n${app}\ndata:*:33:33::/:/bin/false\n`)],
    },
  ],
}
