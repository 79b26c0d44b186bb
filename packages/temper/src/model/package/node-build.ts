import type { Component } from '../inventory.ts'

const nodeBuild =
  /^node-(?:bin-)?(?:aix|darwin|linux|sunos|win)-(?:arm64|armv[67]l|ppc64|ppc64le|s390x|x64|x86)$/

/**
 * True for npm's packages that are Node.js itself as upstream builds it, one for each machine. Their version is that of Node.js, and no
 * advisory of npm speaks of what is in them.
 */
export function isNodeBuild({ type, name }: Pick<Component, 'type' | 'name'>): boolean {
  return type === 'npm' && nodeBuild.test(name)
}
