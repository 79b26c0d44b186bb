import { nodePlace } from '../../../model/rule.ts'
import { imageRule } from '../rule.ts'

/** The folder itself, wherever it is, and what says that it is one. */
const heads = /(?:^|\/)(?:\.git\/HEAD|\.hg\/requires|\.svn\/wc\.db|\.bzr\/branch-format)$/

export const versionControl = imageRule({
  id: 'version-control',
  title: 'No repositories of version control',
  why: 'They hold every version of every file, including what was removed because nobody should see it, and often a token for fetching.',
  fix: 'list .git in .dockerignore, or name the files in COPY',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'minimal',
  *check({ nodes }) {
    for (const node of nodes)
      if (node.type === 'file' && heads.test(node.path))
        yield { place: nodePlace(node), found: 'a repository with its history' }
  },
})
