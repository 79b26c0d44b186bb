/** How hardened an image is, least first. */
export const tiers = ['regular', 'minimal', 'hardened', 'secure'] as const
export type Tier = (typeof tiers)[number]

/** Whether a tier is as good as `least`, or better. */
export function reaches(tier: Tier, least: Tier): boolean {
  return tiers.indexOf(tier) >= tiers.indexOf(least)
}
