import type { AssessedLayer, Measures } from '../../model/assess/assessment.ts'
import type { ImageSubject } from '../../rules/image/subject.ts'

/** Numbers that images are compared by. */
export function measure({ nodes, layers, inventory, scan }: ImageSubject): Measures {
  const files = nodes.filter(({ type }) => type === 'file')
  return {
    size: layers.reduce((sum, { size }) => sum + size, 0),
    unpacked: files.reduce((sum, { size }) => sum + size, 0),
    layers: layers.length,
    packages: inventory.components.length,
    files: files.length,
    executables: files.filter(
      ({ elf, shebang, mode }) => elf !== undefined || (shebang !== undefined && (mode & 0o111) !== 0),
    ).length,
    setuid: files.filter(
      ({ mode, xattrs }) => (mode & 0o6000) !== 0 || xattrs?.['security.capability'] !== undefined,
    ).length,
    ...(scan === undefined ? {} : { vulnerabilities: scan.findings.length }),
  }
}

/** Layers as reports show them. */
export function assessedLayers({ layers }: ImageSubject): readonly AssessedLayer[] {
  return layers.map(({ diffId, size, bytes, hidden, createdBy, origin }) => ({
    ...(diffId === undefined ? {} : { diffId }),
    size,
    bytes,
    hidden: hidden.reduce((sum, file) => sum + file.size, 0),
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(origin === undefined ? {} : { origin }),
  }))
}
