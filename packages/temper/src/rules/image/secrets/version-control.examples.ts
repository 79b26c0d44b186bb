import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'one of Mercurial', files: [file('srv/app/.hg/requires', 'x')] },
    { title: 'one of Subversion', files: [file('srv/app/.svn/wc.db', 'x')] },

    {
      title: 'a clone',
      files: [file('srv/app/.git/HEAD', 'ref: refs/heads/main\n'), file('srv/app/.git/config', '[core]\n')],
    },
  ],
  kept: [
    { title: 'a page of that name', files: [file('srv/app/git/HEAD', 'x')] },

    { title: 'a submodule, which is a file', files: [file('srv/app/.git', 'gitdir: ../.git/modules/app\n')] },
  ],
}
