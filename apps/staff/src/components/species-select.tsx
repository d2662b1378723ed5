import { NativeSelect, type NativeSelectProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { speciesKey } from './species.ts'

const SPECIES = ['dog', 'cat', 'bird', 'rabbit', 'rodent', 'reptile', 'other'] as const

interface SpeciesSelectProps extends NativeSelectProps {
  /** A word of the clinic's own that stands there already. */
  own?: string | undefined
}

/** A species that the apps translate. */
export function SpeciesSelect({ own, ...props }: SpeciesSelectProps) {
  const { t } = useTranslation('staff')
  return (
    <NativeSelect
      label={t('clients.species')}
      size="md"
      {...props}
      data={[
        ...(own === undefined || speciesKey(own) !== null ? [] : [{ value: own, label: own }]),
        ...SPECIES.map((value) => ({ value, label: t(`species.${value}`) })),
      ]}
    />
  )
}

/** A species in the language of the screen, or the clinic's own word. */
export function useSpeciesName(): (species: string) => string {
  const { t } = useTranslation('staff')
  return (species) => {
    const key = speciesKey(species)
    return key === null ? species : t(`species.${key}`)
  }
}
