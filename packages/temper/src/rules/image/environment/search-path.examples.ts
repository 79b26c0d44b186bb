import { type Examples, file, folder } from '../example.ts'

export const examples: Examples = {
  broken: [
    {
      title: 'a folder that the group of the user may write',
      settings: { Env: ['PATH=/usr/bin:/var/lib/bin'] },
      files: [folder('var/lib/bin', { mode: 0o775, gid: 65532 })],
    },

    { title: 'the working directory', settings: { Env: ['PATH=/usr/bin:.'] } },
    { title: 'an empty name', settings: { Env: ['PATH=/usr/bin::/bin'] } },
    {
      title: 'a folder at home',
      settings: { Env: ['PATH=/home/app/bin:/usr/bin'] },
      files: [folder('home/app/bin', { uid: 65532, gid: 65532 })],
    },
  ],
  kept: [
    {
      title: 'a folder that another group may write',
      settings: { Env: ['PATH=/usr/bin:/opt/bin'] },
      files: [
        folder('opt/bin', { mode: 0o775, gid: 7 }),
        file('etc/group', 'root:x:0:\nother:x:7:\napp:x:65532:\n'),
      ],
    },
    { title: 'a folder that is not there', settings: { Env: ['PATH=/usr/local/bin:/usr/bin'] } },
  ],
}
