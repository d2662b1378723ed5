import { NativeSelect, type NativeSelectProps } from '@mantine/core'
import { speciesChoices, useSpeciesName } from '@vetcita/ui'
import { useTranslation } from 'react-i18next'

interface SpeciesSelectProps extends NativeSelectProps {
  /** The pet's species so far, which may be one that only this clinic uses. */
  current?: string | undefined
}

export function SpeciesSelect({ current, ...props }: SpeciesSelectProps) {
  const { t } = useTranslation('staff')
  const nameOf = useSpeciesName()
  return (
    <NativeSelect
      label={t('clients.species')}
      size="md"
      {...props}
      data={speciesChoices(current).map((value) => ({ value, label: nameOf(value) }))}
    />
  )
}
