/** What lies beside an application and is no part of it: what is installed, made, tests it, or tells about it. */
const beside =
  /^(?:\..*|node_modules|vendor|out|build|dist|target|coverage|tests?|specs?|__tests__|__pycache__|e2e|docs?|venv|log|tmp|(?:docker-)?compose(?:[.-].*)?\.ya?ml|(?:.*\.)?Dockerfile.*|Containerfile.*|Makefile|Gemfile.*|Pipfile.*|Procfile|requirements.*|pyproject\.toml|poetry\.lock|pdm\.lock|pylock\..*|uv\.lock|package-lock\.json|npm-shrinkwrap\.json|pnpm-.*\.yaml|yarn\.lock|composer\.lock|tsconfig.*|jest\..*|(?:vite|rollup|postcss|webpack|tailwind|eslint|prettier|babel|vitest)\.config\..*|nx\.json|screenshots?|.*\.(?:md|rst|sh|lock\.json|test\.[cm]?[jt]s)|recipe\.ya?ml|LICEN[CS]E.*|CHANGELOG.*)$/i

/** Most files and folders of a project that are named one by one; of more the whole folder is taken. */
export const mostNamed = 60

/** Names in a folder, each list sorted. */
export interface SortedNames {
  /** Those that an application of it needs beside what starts it. */
  readonly files: readonly string[]
  /** The others. */
  readonly besides: readonly string[]
}

export function projectFiles(names: Iterable<string>): SortedNames {
  const { files = [], besides = [] } = Object.groupBy([...names].sort(), (name) =>
    beside.test(name) ? 'besides' : 'files',
  )
  return { files, besides }
}
