import { gemCommands } from '../commands/installs.ts'
import { textLimit } from '../document.ts'
import { named } from '../language.ts'
import { languageCataloguer } from '../language-cataloguer.ts'
import { readGemfileLock } from './gemfile-lock.ts'
import { readGemspec } from './gemspec.ts'
import { gitGemspec, readGitGemspec, settleGitGems } from './git-gems.ts'

/** "default" holds gems that come with Ruby itself: they are loaded like others. */
const installed = /(^|\/)specifications\/(default\/)?[^/]+\.gemspec$/

/** Ruby: installed gems, and the lock of Bundler. */
export const rubyCataloguer = languageCataloguer({
  id: 'ruby',
  type: 'gem',
  version: 4,
  sizeLimit: textLimit,
  installsInto: ['vendor'],
  prepare: settleGitGems,
  kinds: [
    { matches: ({ path }) => path.endsWith('.gemspec') && installed.test(path), read: readGemspec },
    { matches: ({ path }) => path.endsWith('.gemspec') && gitGemspec.test(path), read: readGitGemspec },
    named(['Gemfile.lock', 'gems.locked'], readGemfileLock),
    gemCommands,
  ],
})
