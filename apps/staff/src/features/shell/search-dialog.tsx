import { ActionIcon, Modal } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PetFinder } from '../../appointment/pet-finder.tsx'
import { usePageKeys } from '../../components/use-page-keys.ts'

/** Finds a client from any page, by `/` or by the button, and opens their record. */
export function SearchButton({ clinic }: { clinic: string }) {
  const { t } = useTranslation(['staff', 'ui'])
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  // where `/` is not a key of its own it comes with Shift
  usePageKeys({ '/': () => setOpen(true), 'shift+/': () => setOpen(true) })
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t('search.open')}
        aria-keyshortcuts="/"
        title={`${t('search.open')} ( / )`}
        onClick={() => setOpen(true)}
      >
        <IconSearch size={20} aria-hidden />
      </ActionIcon>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={t('search.open')}
        closeButtonProps={{ 'aria-label': t('ui:states.close') }}
      >
        <PetFinder
          label={t('search.label')}
          clientOption={(client) => t('search.client', { name: client.fullName })}
          onFound={(found) => {
            if (found.kind === 'nobody') return
            setOpen(false)
            navigate({ to: '/$clinic/clients/$client', params: { clinic, client: found.client.id } })
          }}
        />
      </Modal>
    </>
  )
}
