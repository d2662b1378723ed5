import { Button, Chip, Group, Input, Stack, TextInput, Title } from '@mantine/core'
import { limits } from '@vetcita/contracts/limits'
import { speciesChoices, useSpeciesName } from '@vetcita/ui'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface PetFormProps {
  title: string
  submitLabel: string
  name?: string | undefined
  species?: string | undefined
  isBusy: boolean
  /** Called with what has been typed so far. */
  onDraft?: (name: string, species: string) => void
  onSubmit: (name: string, species: string) => void
  /** Without it there is no cancel button. */
  onCancel?: () => void
}

/** A form for a pet's name and species. A species that only the clinic uses stays among the choices. */
export function PetForm({
  title,
  submitLabel,
  name: firstName = '',
  species: firstSpecies = 'dog',
  isBusy,
  onDraft,
  onSubmit,
  onCancel,
}: PetFormProps) {
  const { t } = useTranslation('owner')
  const speciesName = useSpeciesName()
  const id = useId()
  const [name, setName] = useState(firstName)
  const [species, setSpecies] = useState(firstSpecies)
  const [isNameMissing, setIsNameMissing] = useState(false)
  const choices = speciesChoices(firstSpecies)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = name.trim()
    setIsNameMissing(trimmed === '')
    if (trimmed !== '') onSubmit(trimmed, species)
  }
  return (
    <form onSubmit={submit} noValidate aria-label={title}>
      <Stack className="vc-surface" p="md">
        <Title order={2} size="h3">
          {title}
        </Title>
        <TextInput
          label={t('booking.pet.name')}
          value={name}
          maxLength={limits.petName}
          autoComplete="off"
          error={isNameMissing ? t('booking.pet.nameMissing') : null}
          onChange={(event) => {
            setName(event.currentTarget.value)
            onDraft?.(event.currentTarget.value.trim(), species)
          }}
        />
        <Input.Wrapper label={t('booking.pet.species')} size="md" labelElement="div" id={id}>
          <Chip.Group
            value={species}
            onChange={(chosen) => {
              setSpecies(chosen)
              onDraft?.(name.trim(), chosen)
            }}
          >
            <Group gap="xs" mt={6} role="radiogroup" aria-labelledby={`${id}-label`}>
              {choices.map((one) => (
                <Chip key={one} value={one} size="md">
                  {speciesName(one)}
                </Chip>
              ))}
            </Group>
          </Chip.Group>
        </Input.Wrapper>
        <Group grow>
          {onCancel === undefined ? null : (
            <Button variant="default" onClick={onCancel}>
              {t('pets.cancel')}
            </Button>
          )}
          <Button type="submit" loading={isBusy}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
