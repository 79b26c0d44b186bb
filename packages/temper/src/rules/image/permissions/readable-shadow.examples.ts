import { type Examples, file } from '../example.ts'

const content = 'root:*:0::::::\napp:!:0::::::\n'

export const examples: Examples = {
  broken: [{ title: 'shadow with mode 0644', files: [file('etc/shadow', content)] }],
  kept: [
    { title: 'shadow for its group', files: [file('etc/shadow', content, { mode: 0o640, gid: 65532 })] },
  ],
}
