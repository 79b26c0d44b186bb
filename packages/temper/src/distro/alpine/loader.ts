import { muslLoader } from '../../formats/elf/musl-loader.ts'
import type { LoaderRules } from '../../model/loader.ts'
import type { Architecture } from '../../model/platform.ts'

export const alpineLoader: Readonly<Record<Architecture, LoaderRules>> = {
  amd64: muslLoader('amd64'),
  arm64: muslLoader('arm64'),
}
