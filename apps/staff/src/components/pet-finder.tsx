import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ClientSummary, Pet } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from './staff-sentence.ts'

/** What was chosen: a client's pet, a client, or to add the typed name as a new client. */
export type Found =
  | { kind: 'pet'; client: ClientSummary; pet: Pet }
  | { kind: 'client'; client: ClientSummary }
  | { kind: 'new'; typed: string }

interface PetFinderProps {
  label: string
  /** The text of the option for a client without a pet. */
  clientOption: (client: ClientSummary) => string
  /** The text of the option for a new client; without it there is no such option. */
  newOption?: (typed: string) => string
  onFound: (found: Found) => void
  /** That it was left empty, if so. */
  error?: string | null
}

/** Finds clients by name, phone or pet while typing. Each pet is an option, followed by its owner alone. */
export function PetFinder({ label, clientOption, newOption, onFound, error }: PetFinderProps) {
  const { t } = useTranslation('staff')
  const sentence = useStaffSentence()
  const trpc = useTRPC()
  const [typed, setTyped] = useState('')
  const [text] = useDebouncedValue(typed.trim(), 150)
  const search = useQuery(
    trpc.clients.search.queryOptions(
      { text, limit: 8 },
      { enabled: text !== '', placeholderData: keepPreviousData },
    ),
  )
  const clients = text === '' ? [] : (search.data?.clients ?? [])
  const found = new Map<string, { label: string; found: Found }>()
  for (const client of clients) {
    for (const pet of client.pets) {
      const of = [pet.name, client.fullName, client.phone].filter((part) => part !== null).join(' · ')
      found.set(pet.id, { label: of, found: { kind: 'pet', client, pet } })
    }
    found.set(client.id, { label: clientOption(client), found: { kind: 'client', client } })
  }
  if (newOption !== undefined && text !== '') {
    found.set('new', { label: newOption(text), found: { kind: 'new', typed: text } })
  }
  return (
    <Select
      size="md"
      label={label}
      placeholder={t('booking.whoHint')}
      data-autofocus
      searchable
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      data={[...found].map(([value, option]) => ({ value, label: option.label }))}
      // the list itself scrolls; a scroll area around it would be an empty tab stop
      withScrollArea={false}
      classNames={{ options: 'vs-found' }}
      // the server has filtered already, also by fields that the options do not show
      filter={({ options }) => options}
      nothingFoundMessage={text === '' || search.isFetching ? null : t('booking.noMatches')}
      error={search.error === null ? error : sentence(search.error)}
      onChange={(value) => {
        const option = value === null ? undefined : found.get(value)
        if (option !== undefined) onFound(option.found)
      }}
    />
  )
}
