/** What lies beside an application and is no part of it: what is installed, made, tests it, or tells about it. */
const beside =
  /^(?:\..*|node_modules|vendor|out|build|dist|target|coverage|tests?|specs?|__tests__|__pycache__|e2e|docs?|venv|log|tmp|(?:docker-)?compose(?:[.-].*)?\.ya?ml|(?:.*\.)?Dockerfile.*|Containerfile.*|Makefile|Gemfile.*|Pipfile.*|Procfile|requirements.*|pyproject\.toml|poetry\.lock|uv\.lock|package-lock\.json|npm-shrinkwrap\.json|pnpm-.*\.yaml|yarn\.lock|composer\.lock|tsconfig.*|jest\..*|(?:vite|rollup|postcss|webpack|tailwind|eslint|prettier|babel|vitest)\.config\..*|nx\.json|screenshots?|.*\.(?:md|rst|sh|lock\.json|test\.[cm]?[jt]s)|recipe\.ya?ml|LICEN[CS]E.*|CHANGELOG.*)$/i

/** Most files and folders of a project that are named one by one. */
const most = 60

/** Those of a folder's names that an application of it needs beside what starts it. */
export function projectFiles(names: Iterable<string>): readonly string[] {
  return [...names]
    .filter((name) => !beside.test(name))
    .sort()
    .slice(0, most)
}
