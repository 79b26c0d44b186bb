import type { CommandDefinition } from './command.ts'

type Load = () => Promise<{ readonly command: CommandDefinition }>

/** Every command, in the order of the help. Loaded one by one: most runs need a single entry. */
const loaders: Readonly<Record<string, Load>> = {
  build: () => import('../commands/build.ts'),
  lock: () => import('../commands/lock.ts'),
  test: () => import('../commands/test.ts'),
  catalog: () => import('../commands/recipe/catalog.ts'),
  init: () => import('../commands/recipe/init.ts'),
  explain: () => import('../commands/recipe/explain.ts'),
  import: () => import('../commands/recipe/import.ts'),
  harden: () => import('../commands/harden.ts'),
  inspect: () => import('../commands/inspect.ts'),
  lockdown: () => import('../commands/judge/lockdown.ts'),
  sbom: () => import('../commands/sbom.ts'),
  scan: () => import('../commands/scan.ts'),
  gate: () => import('../commands/judge/gate.ts'),
  policy: () => import('../commands/judge/policy.ts'),
  assess: () => import('../commands/judge/assess.ts'),
  rules: () => import('../commands/judge/rules.ts'),
  vex: () => import('../commands/vex.ts'),
  evidence: () => import('../commands/evidence.ts'),
  provenance: () => import('../commands/provenance.ts'),
  rebuild: () => import('../commands/rebuild.ts'),
  sign: () => import('../commands/sign.ts'),
  attest: () => import('../commands/attest.ts'),
  verify: () => import('../commands/verify.ts'),
  admit: () => import('../commands/judge/admit.ts'),
  comply: () => import('../commands/judge/comply.ts'),
  trust: () => import('../commands/trust.ts'),
  keys: () => import('../commands/keys.ts'),
  bundle: () => import('../commands/registry/bundle.ts'),
  copy: () => import('../commands/copy.ts'),
  push: () => import('../commands/registry/push.ts'),
  pull: () => import('../commands/registry/pull.ts'),
  ls: () => import('../commands/registry/ls.ts'),
  diff: () => import('../commands/diff.ts'),
  login: () => import('../commands/registry/login.ts'),
  logout: () => import('../commands/registry/logout.ts'),
  serve: () => import('../commands/service/serve.ts'),
  worker: () => import('../commands/service/worker.ts'),
  'report-running': () => import('../commands/service/report-running.ts'),
  reindex: () => import('../commands/service/reindex.ts'),
  backup: () => import('../commands/service/backup.ts'),
  restore: () => import('../commands/service/restore.ts'),
  feeds: () => import('../commands/feeds.ts'),
  cache: () => import('../commands/cache.ts'),
  config: () => import('../commands/config.ts'),
  schema: () => import('../commands/schema.ts'),
  completion: () => import('../commands/completion.ts'),
  complete: () => import('../commands/complete.ts'),
  version: () => import('../commands/version.ts'),
}

/** The commands that `args` could mean: those that are named in it, or all when none is, or help is asked for. */
export async function commandsFor(args: readonly string[]): Promise<readonly CommandDefinition[]> {
  const named = Object.keys(loaders).filter((name) => args.includes(name))
  return load(named.length === 0 || args.includes('help') ? Object.keys(loaders) : named)
}

/** Those that people type. */
export async function allCommands(): Promise<readonly CommandDefinition[]> {
  return (await load(Object.keys(loaders))).filter(({ hidden }) => hidden !== true)
}

function load(names: readonly string[]): Promise<readonly CommandDefinition[]> {
  return Promise.all(
    names.flatMap((name) => loaders[name] ?? []).map(async (loader) => (await loader()).command),
  )
}
