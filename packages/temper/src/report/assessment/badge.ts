import type { Assessment, Tier } from '../../model/assess/assessment.ts'
import { html } from '../markup.ts'

/** Contrast with white is above 4.5 to 1 (WCAG 2.2 AA). */
const colours: Readonly<Record<Tier, string>> = {
  regular: '#a3123a',
  minimal: '#8a6100',
  hardened: '#1e7145',
  secure: '#0b5cad',
}

/** A badge for a README, as a self-contained SVG. */
export function assessmentBadge({ tier }: Pick<Assessment, 'tier'>): string {
  const [label, left] = ['temper', 52]
  // Letters of 11 pixels are about 6.6 wide in the fonts that are named.
  const right = Math.round(tier.length * 6.8) + 14
  const width = left + right
  const text = html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${`${label}: ${tier}`}"><title>${`${label}: ${tier}`}</title>
<clipPath id="r"><rect width="${width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#3b4350"/><rect x="${left}" width="${right}" height="20" fill="${colours[tier]}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${left / 2}" y="14">${label}</text><text x="${left + right / 2}" y="14">${tier}</text></g>
</svg>
`
  return text.text
}
