import { imageRule } from '../rule.ts'
import { forbidPaths } from './path-rule.ts'

const context =
  /(?:^|\/)(?:(?:Dockerfile|Containerfile)(?:\.[a-z]+)?|\.dockerignore|(?:docker-)?compose(?:\.[a-z]+)?\.ya?ml|Jenkinsfile|\.gitlab-ci\.yml|\.travis\.yml|\.gitignore|\.editorconfig)$|(?:^|\/)\.(?:github|circleci|vscode|idea)\//

/** Packages of languages bring such files, each in a folder of its own. */
const ofPackage = /(?:^|\/)(?:node_modules|site-packages|dist-packages|vendor|gems|usr\/share|usr\/lib)\//

export const buildContext = imageRule({
  id: 'build-context',
  title: 'No files that only the build needs',
  why: 'COPY . copied the whole folder: it tells everybody who pulls the image how it is built, tested and deployed.',
  fix: 'name the files in COPY, or list the others in .dockerignore',
  level: 'note',
  aspect: 'contents',
  tier: 'minimal',
  *check(subject) {
    const nodes = subject.nodes.filter(({ path }) => !ofPackage.test(path))
    yield* forbidPaths(context, 'only the build needs it')({ nodes })
  },
})
