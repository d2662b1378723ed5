import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ClientSummary, Pet } from '@vetcita/contracts'
import { useTRPC } from '@vetcita/ui'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useStaffSentence } from '../components/staff-sentence.ts'

/** What was found: a client's pet, a client, or nobody yet under what was typed. */
export type Found =
  | { kind: 'pet'; client: ClientSummary; pet: Pet }
  | { kind: 'client'; client: ClientSummary }
  | { kind: 'nobody'; typed: string }

interface PetFinderProps {
  label: string
  /** What else than a pet may be chosen, and in which words. */
  clientOption: (client: ClientSummary) => string
  nobodyOption?: (typed: string) => string
  onFound: (found: Found) => void
  /** Why it cannot be left empty, where it was. */
  error?: string | null
}

/** Finds a client by name, phone or pet while somebody types: each pet is a line, after them the client alone. */
export function PetFinder({ label, clientOption, nobodyOption, onFound, error }: PetFinderProps) {
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
  if (nobodyOption !== undefined && text !== '') {
    found.set('nobody', { label: nobodyOption(text), found: { kind: 'nobody', typed: text } })
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
      // the list scrolls by itself: a scroller around it would be a stop of the keyboard with nothing to stop at
      withScrollArea={false}
      classNames={{ options: 'vs-found' }}
      // the server has searched already, also by what a line does not show
      filter={({ options }) => options}
      nothingFoundMessage={text === '' || search.isFetching ? null : t('booking.nobody')}
      error={search.error === null ? error : sentence(search.error)}
      onChange={(value) => {
        const option = value === null ? undefined : found.get(value)
        if (option !== undefined) onFound(option.found)
      }}
    />
  )
}
