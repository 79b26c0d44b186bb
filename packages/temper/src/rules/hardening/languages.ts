import type { Ballast } from './ballast-kind.ts'

const declarations: Ballast = {
  reason: 'type declarations',
  rule: 'compiler',
  why: 'only compilers and editors read them',
}
const tests: Ballast = {
  reason: 'test suite',
  rule: 'ballast',
  why: 'tests of a library are for those who build it',
}
const rubyDocumentation: Ballast = {
  reason: 'documentation',
  rule: 'documentation',
  why: 'it makes and shows manuals of libraries',
}
const classes: Ballast = {
  reason: 'second class archive',
  rule: 'ballast',
  why: 'Java maps it only with uncompressed pointers (heaps above 32 GB, ZGC), and starts without it',
}
const database: Ballast = {
  reason: 'database debugging',
  rule: 'ballast',
  why: 'it measures machines or prints files of a database that is being repaired elsewhere',
}

/**
 * Files that language runtimes and libraries bring and that no running program reads, by the shape of the path. Each
 * shape is narrow, since a folder called "test" may well be part of a library.
 */
export const languageShapes: readonly (readonly [RegExp, Ballast])[] = [
  [/^usr\/(?:local\/)?(?:lib|share)\/.*\.d\.[cm]?ts(?:\.map)?$/, declarations],
  [/^usr\/(?:lib|share)\/ruby\/.*\/sig\/.*\.rbs$/, declarations],
  [/^usr\/(?:lib|share)\/ruby\/.*\/rbs-[^/]+(?:\/|$)/, declarations],
  [/^usr\/lib\/python3[^/]*\/(?:test|lib2to3\/tests|idlelib\/idle_test|[^/]+\/test)(?:\/|$)/, tests],
  [/^usr\/lib\/python3\/dist-packages\/.+\/tests?\/(?:.+\/)?(?:test_[^/]+|[^/]+_test|conftest)\.py$/, tests],
  [/^usr\/(?:lib|share)\/(?:nodejs|node_modules)\/.*\.(?:test|spec)\.[cm]?[jt]sx?$/, tests],
  [/^usr\/(?:lib|share)\/(?:ruby|rubygems-integration)\/.*\/gems\/[^/]+\/(?:test|spec)(?:\/|$)/, tests],
  [
    /^usr\/(?:lib|share)\/ruby\/(?:.*\/)?(?:rdoc|ri|rdoc-[^/]+)(?:\/|$)|^usr\/share\/ri(?:\/|$)/,
    rubyDocumentation,
  ],
  [/^usr\/lib\/jvm\/[^/]+\/lib\/(?:server|client)\/classes_nocoops[^/]*\.jsa$/, classes],
  [
    /^usr\/lib\/postgresql\/[^/]+\/bin\/(?:pg_test_fsync|pg_test_timing|pg_waldump|pg_walsummary|pgbench)$/,
    database,
  ],
  [
    /^usr\/bin\/(?:aria_dump_log|aria_read_log|aria_ftdump|myisam_ftdump|resolve_stack_dump|innochecksum)$/,
    database,
  ],
  [/^usr\/bin\/(?:redis|valkey)-benchmark$/, database],
]
