import { type Examples, file } from '../example.ts'

const nologin = '/usr/sbin/nologin'
const accounts = `root:x:0:0:root:/root:${nologin}\napp:x:65532:65532::/home/app:${nologin}\n`

export const examples: Examples = {
  broken: [
    {
      title: 'a second name of an account',
      files: [file('etc/passwd', `${accounts}web:x:65532:65532::/home/app:${nologin}\n`)],
    },
    {
      title: 'a group that is there twice',
      files: [file('etc/group', 'root:x:0:\napp:x:65532:\napp:x:7:\n')],
    },
  ],
  kept: [
    {
      title: 'two accounts of one group',
      files: [file('etc/passwd', `${accounts}web:x:65533:65532::/home/app:${nologin}\n`)],
    },
  ],
}
