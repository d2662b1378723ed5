import type { es } from '../i18n/es.ts'

type KnownSpecies = keyof typeof es.species

const KNOWN: Record<KnownSpecies, true> = {
  dog: true,
  cat: true,
  bird: true,
  rabbit: true,
  rodent: true,
  reptile: true,
  other: true,
}

const isKnown = (species: string): species is KnownSpecies => Object.hasOwn(KNOWN, species)

/** The text key of a species; null for a word of the clinic's own, which is shown as it is. */
export function speciesKey(species: string): KnownSpecies | null {
  return isKnown(species) ? species : null
}
