import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'shadow', files: [file('etc/group', 'root:x:0:\napp:x:65532:\nshadow:x:42:app\n')] }],
  kept: [
    {
      title: 'shadow with somebody else in it',
      files: [file('etc/group', 'root:x:0:\napp:x:65532:\nshadow:x:42:web\n')],
    },
  ],
}
