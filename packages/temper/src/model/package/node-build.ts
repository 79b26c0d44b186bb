import type { Component } from '../inventory.ts'

const nodeBuild =
  /^node-(?:bin-)?(?:aix|darwin|linux|sunos|win)-(?:arm64|armv[67]l|ppc64|ppc64le|s390x|x64|x86)$/

/**
 * True for npm packages that are upstream builds of Node.js itself, one for each architecture. Their version is that
 * of Node.js, and npm advisories do not cover their contents.
 */
export function isNodeBuild({ type, name }: Pick<Component, 'type' | 'name'>): boolean {
  return type === 'npm' && nodeBuild.test(name)
}
