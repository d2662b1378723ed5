import { ActionIcon, Chip, Stack, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch, IconX } from '@tabler/icons-react'
import { limits } from '@vetcita/contracts/limits'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ProductFilter } from './product-filter.ts'

interface SearchProps {
  filter: ProductFilter
  categories: readonly string[]
  onChange: (filter: ProductFilter) => void
}

const EVERYTHING = ''

/** Search words and categories. Typing applies after a short pause; a category at once, together with the words. */
export function Search({ filter, categories, onChange }: SearchProps) {
  const { t } = useTranslation('owner')
  const [words, setWords] = useState(filter.q ?? '')
  const [shown, setShown] = useState(filter.q)
  // the URL changed from elsewhere: the back button, "see all products"
  if (filter.q !== shown) {
    setShown(filter.q)
    if (filter.q !== (words.trim() || undefined)) setWords(filter.q ?? '')
  }
  const send = (q: string, shelf: string | undefined) =>
    onChange({
      ...(q.trim() === '' ? {} : { q: q.trim() }),
      ...(shelf === undefined || shelf === EVERYTHING ? {} : { shelf }),
    })
  const sendSoon = useDebouncedCallback((q: string) => send(q, filter.shelf), 250)
  const type = (q: string) => {
    setWords(q)
    sendSoon(q)
  }
  return (
    <Stack gap="sm" component="search">
      <TextInput
        type="search"
        value={words}
        maxLength={limits.searchText}
        aria-label={t('store.search')}
        placeholder={t('store.search')}
        leftSection={<IconSearch size={18} aria-hidden />}
        rightSection={
          words === '' ? null : (
            <ActionIcon variant="subtle" color="gray" aria-label={t('store.clear')} onClick={() => type('')}>
              <IconX size={18} aria-hidden />
            </ActionIcon>
          )
        }
        onChange={(event) => type(event.currentTarget.value)}
      />
      {categories.length === 0 ? null : (
        <Chip.Group value={filter.shelf ?? EVERYTHING} onChange={(shelf) => send(words, shelf)}>
          <div className="shelves" role="radiogroup" aria-label={t('store.shelves')}>
            {[EVERYTHING, ...categories].map((category) => (
              <Chip key={category} value={category} size="sm">
                {category === EVERYTHING ? t('store.everything') : category}
              </Chip>
            ))}
          </div>
        </Chip.Group>
      )}
    </Stack>
  )
}
