import { IconCat, IconDog, IconFeather, IconPaw } from '@tabler/icons-react'
import type { knownSpecies } from '@vetcita/contracts'
import { useTranslation } from 'react-i18next'

export type Species = (typeof knownSpecies)[number]

const ICONS: Record<Species, typeof IconPaw> = {
  dog: IconDog,
  cat: IconCat,
  bird: IconFeather,
  rabbit: IconPaw,
  rodent: IconPaw,
  reptile: IconPaw,
  other: IconPaw,
}

/** The species that the app has words for, in the order in which clinics meet them. */
export const speciesInOrder: readonly Species[] = [
  'dog',
  'cat',
  'bird',
  'rabbit',
  'rodent',
  'reptile',
  'other',
]

const isKnown = (species: string): species is Species => Object.hasOwn(ICONS, species)

/** A species in the user's language; a clinic's own word stays as it is. */
export function useSpeciesName(): (species: string) => string {
  const { t } = useTranslation('owner')
  return (species) => (isKnown(species) ? t(`species.${species}`) : species)
}

export function SpeciesIcon({ species, size }: { species: string; size: number }) {
  const Icon = isKnown(species) ? ICONS[species] : IconPaw
  return <Icon size={size} stroke={1.6} aria-hidden />
}
