import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    {
      title: 'a clone',
      files: [file('srv/app/.git/HEAD', 'ref: refs/heads/main\n'), file('srv/app/.git/config', '[core]\n')],
    },
  ],
  kept: [
    { title: 'a submodule, which is a file', files: [file('srv/app/.git', 'gitdir: ../.git/modules/app\n')] },
  ],
}
