import { type Examples, file } from '../example.ts'

const nologin = '/usr/sbin/nologin'
const app = `app:x:65532:65532::/home/app:${nologin}`

export const examples: Examples = {
  broken: [
    {
      title: 'a second root',
      files: [file('etc/passwd', `root:x:0:0:root:/root:${nologin}\n${app}\ntoor:x:0:0::/:/bin/false\n`)],
    },
    {
      title: 'a second root with zeros',
      files: [file('etc/passwd', `root:x:0:0:root:/root:${nologin}\n${app}\ntoor:x:000:0::/:/bin/false\n`)],
    },
    {
      title: 'a password that is empty',
      files: [file('etc/passwd', `root:x:0:0:root:/root:${nologin}\n${app}\nguest::44:44::/:/bin/false\n`)],
    },
    {
      title: 'no shell, which means one',
      files: [file('etc/passwd', `root:x:0:0:root:/root:${nologin}\n${app}\nguest:x:44:44::/:\n`)],
    },
    {
      title: 'a line that is too short',
      files: [file('etc/passwd', `root:x:0:0:root:/root:${nologin}\n${app}\nguest:x:44\n`)],
    },

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
