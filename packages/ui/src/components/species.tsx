import { IconCat, IconDog, IconFeather, IconPaw } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'

/** The species that the apps translate, most common first. A clinic may write any other. */
const knownSpecies = ['dog', 'cat', 'bird', 'rabbit', 'rodent', 'reptile', 'other'] as const

const ICONS: Readonly<Record<string, typeof IconPaw>> = { dog: IconDog, cat: IconCat, bird: IconFeather }

/** Returns a function that names a species in the user's language, or as the clinic wrote it. */
export function useSpeciesName(): (species: string) => string {
  const { t } = useTranslation('ui')
  return (species) => {
    const known = knownSpecies.find((one) => one === species)
    return known === undefined ? species : t(`species.${known}`)
  }
}

/** The species to choose from: the known ones, after the clinic's own if the pet has one. */
export function speciesChoices(current: string | undefined): readonly string[] {
  const isOwn = current !== undefined && !knownSpecies.some((one) => one === current)
  return isOwn ? [current, ...knownSpecies] : knownSpecies
}

/** A species' icon; a paw for those without their own. */
export function SpeciesIcon({ species, size }: { species: string; size: number }) {
  const Icon = ICONS[species] ?? IconPaw
  return <Icon size={size} stroke={1.6} aria-hidden />
}
