import { buildpacks, conda, dotnet, fatJar, goWithCertificates, phpFpm, scratch } from './applications.ts'
import type { UsualShape } from './parts.ts'
import { alpine, busybox, distroless, nix, plainDebian, s6, systemd, ubi } from './systems.ts'

/** Fifteen that are met everywhere. */
export const usualShapes: readonly UsualShape[] = [
  ...[distroless, ubi, alpine, fatJar, scratch, buildpacks, nix, s6, systemd, conda],
  ...[phpFpm, dotnet, goWithCertificates, busybox, plainDebian],
]
