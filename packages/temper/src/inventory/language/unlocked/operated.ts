import { memberOf } from '../../../base/json/value.ts'
import { parseJson } from '../document.ts'
import { listed } from './application.ts'
import { type AskingFile, all, whereItSays } from './asking-file.ts'

/** Those of what sets up, runs or checks other programs. */
export const operatedManifests: readonly AskingFile[] = [
  {
    tool: 'Helm',
    names: /^(?:Chart|requirements)\.yaml$/,
    type: 'generic',
    locks: ['Chart.lock', 'requirements.lock'],
    asks: (text) =>
      /^dependencies:\s*$/m.test(text) &&
      /^[ \t-]{0,40}repository:[ \t]{1,10}["']?(?!["']|file:)\S/m.test(text)
        ? []
        : undefined,
  },
  {
    tool: 'Ansible',
    names: /^(?:requirements|galaxy)\.yml$/,
    type: 'generic',
    asks: whereItSays(
      /^(?:collections|roles):\s*$|^dependencies:\s{0,20}(?:\{\s{0,20}["'\w]|\n[ \t]{1,20}["'\w])|^-[ \t]{1,10}src:/m,
    ),
  },
  {
    tool: 'Terraform',
    files: /\.(?:tf|tofu)$/,
    type: 'generic',
    asks: whereItSays(
      /^[ \t]{0,40}required_providers\s{0,10}\{|^[ \t]{0,40}module\s{1,10}"[^"]{1,200}"\s{0,10}\{[^}]{0,2000}?\bsource\s{0,40}=\s{0,10}"(?![./])/m,
    ),
  },
  {
    tool: 'Git (submodules)',
    names: /^\.gitmodules$/,
    type: 'generic',
    asks: whereItSays(/^\s{0,40}url\s{0,10}=/m),
  },
  {
    tool: 'Godot',
    files: /(?:^|\/)addons\/[^/]+\/plugin\.cfg$/,
    type: 'generic',
    asks: whereItSays(/^\[plugin\]/m),
  },
  {
    tool: 'GitLab CI',
    names: /^\.gitlab-ci\.ya?ml$/,
    type: 'generic',
    asks: whereItSays(/^include:[\s\S]{0,5000}?(?:^|[ \t-])(?:project|component|remote|template):/m),
  },
  {
    tool: 'CircleCI',
    files: /(?:^|\/)\.circleci\/[^/]+\.ya?ml$/,
    type: 'generic',
    asks: whereItSays(/^orbs:\s*$/m),
  },
  {
    tool: 'Azure Pipelines',
    names: /^azure-pipelines[\w.-]{0,100}\.ya?ml$/,
    type: 'generic',
    asks: all(/^[ \t-]{0,80}task:[ \t]{0,10}["']?([\w.-]{1,200}@\d+)/gm),
  },
  {
    tool: 'jsonnet-bundler',
    names: /^jsonnetfile(?:\.lock)?\.json$/,
    type: 'generic',
    asks: (text) => {
      const asked = memberOf(parseJson(text, 'jsonnetfile.json'), 'dependencies')
      return Array.isArray(asked) && asked.length > 0 ? (listed(asked) ?? []) : undefined
    },
  },
  {
    tool: 'Berkshelf',
    names: /^Berksfile(?:\.lock)?$/,
    type: 'generic',
    asks: whereItSays(/^(?:cookbook\s|GRAPH$)/m),
  },
  {
    tool: 'Puppet',
    names: /^Puppetfile$/,
    type: 'generic',
    asks: all(/^[ \t]{0,20}mod[ \t]{1,10}["']([^"']{1,200})["']/gm),
  },
  {
    tool: 'Homebrew',
    names: /^Brewfile$/,
    type: 'generic',
    asks: all(/^[ \t]{0,20}(?:brew|cask)[ \t]{1,10}["']([^"']{1,200})["']/gm),
  },
]
